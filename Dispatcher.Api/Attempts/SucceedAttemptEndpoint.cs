using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/attempts/{attempt}/succeed</summary>
internal static class SucceedAttemptEndpoint
{
    public static void Map(IEndpointRouteBuilder attempts) => attempts.MapPost("/succeed", HandleAsync)
        .WithName("SucceedAttempt")
        .WithSummary("An attempt ended well")
        .WithDescription("A result above 256 KiB fails the attempt as result-too-large and is answered with 413.")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.StaleAttempt, ProblemCode.Canceled, ProblemCode.ValidationFailed,
            ProblemCode.PayloadTooLarge, ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<AttemptResponse>> HandleAsync(
        string id, int attempt, SucceedAttemptRequest request, TaskLookup lookup, AttemptReports reports,
        CancellationToken cancellationToken)
    {
        var report = AttemptRules.Succeeded(lookup.Parse(id), attempt, request);
        if (!AttemptRules.IsTooLarge(request))
            return TypedResults.Ok(await reports.ReportAsync(WireKind.Succeeded, report, cancellationToken));

        var detail = $"The result is larger than {Limits.PayloadBytes} bytes; the attempt has failed.";
        // The same handler makes the same result: another attempt would only end the same way.
        var failed = report with { Error = new TaskError("result-too-large", detail), Retryable = false };
        await reports.ReportAsync(WireKind.Failed, failed, cancellationToken);
        throw new Problem(ProblemCode.PayloadTooLarge, detail, [new FieldError("#/result", detail)]).AsException();
    }
}
