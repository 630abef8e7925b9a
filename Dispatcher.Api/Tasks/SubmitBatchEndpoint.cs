using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>POST /v1/tasks/batch</summary>
internal static class SubmitBatchEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/batch", HandleAsync)
        .WithName("SubmitBatch")
        .WithSummary("Hand in up to 1,000 tasks")
        .WithDescription("Answers each task in order with the status it alone would have had. A task may name its own "
            + "idempotencyKey; the header Idempotency-Key gives the others the key and their index.")
        .WithMetadata(new RequestSizeLimitAttribute(Limits.BatchBytes))
        .MayRefuse(ProblemCode.ValidationFailed, ProblemCode.PayloadTooLarge);

    private static async Task<Ok<SubmitBatchResponse>> HandleAsync(
        SubmitBatchRequest request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        TaskSubmissions submissions, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var tasks = request.Tasks ?? [];
        errors.Range(tasks.Count, "#/tasks", 1, Limits.BatchCount);
        errors.IdempotencyKey(idempotencyKey);
        errors.ThrowIfAny();

        var requests = new (SubmitTaskRequest?, Problem?, string?)[tasks.Count];
        for (var i = 0; i < tasks.Count; i++) requests[i] = Read(tasks[i], i, idempotencyKey, json.Value.SerializerOptions);
        var outcomes = await submissions.SubmitAsync(requests, cancellationToken);
        return TypedResults.Ok(new SubmitBatchResponse([.. outcomes.Select((outcome, index) => Answer(index, outcome))]));
    }

    private static (SubmitTaskRequest?, Problem?, string?) Read(
        RawJson task, int index, string? batchKey, JsonSerializerOptions options)
    {
        try
        {
            var item = task.IsEmpty ? null : JsonSerializer.Deserialize<SubmitBatchItem>(task.Utf8.Span, options);
            if (item is null) return (null, new Problem(ProblemCode.MalformedRequest, "A task is needed here, not null."), null);

            // The header's key is checked before the index makes it longer.
            var key = item.IdempotencyKey
                ?? (batchKey is null ? null : string.Create(CultureInfo.InvariantCulture, $"{batchKey}\0{index}"));
            return (item, null, key);
        }
        catch (JsonException exception)
        {
            return (null, BadRequests.Explain(exception), null);
        }
    }

    private static SubmitBatchAnswer Answer(int index, Submission outcome) => outcome switch
    {
        Submission.Accepted(var task, _) => new(index, 202, task.Id, TaskState.Accepted, null),
        Submission.Replayed(var view) => new(index, 202, view.Task.Id, view.Task.State, null),
        Submission.Refused(var problem) when ProblemBody.Of(problem) is var body => new(index, body.Status, null, null, body),
        _ => throw new UnreachableException(),
    };
}
