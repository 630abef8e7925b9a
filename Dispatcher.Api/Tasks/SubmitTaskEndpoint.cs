using System.Diagnostics;
using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Broker.Api;

/// <summary>POST /v1/tasks</summary>
internal static class SubmitTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/", HandleAsync)
        .WithName("SubmitTask")
        .WithSummary("Hand in a task")
        .WithDescription("Answers 202 once the task is safe. With `wait` it answers 200 as soon as the task has finished. "
            + "The same Idempotency-Key and body give the same task as long as it is kept.")
        .MayRefuse(ProblemCode.ValidationFailed, ProblemCode.UnknownPool, ProblemCode.PayloadTooLarge,
            ProblemCode.IdempotencyKeyReused, ProblemCode.NotConfirmed, ProblemCode.SchedulerUnavailable);

    private static async Task<Results<Accepted<TaskResponse>, Ok<TaskResponse>>> HandleAsync(
        SubmitTaskRequest request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, string? wait,
        TaskSubmissions submissions, TaskWaiter waiter, HttpResponse response, CancellationToken cancellationToken)
    {
        var time = WaitParameter.Read(wait);
        var errors = new FieldErrors();
        errors.IdempotencyKey(idempotencyKey);
        errors.ThrowIfAny();

        var outcome = (await submissions.SubmitAsync([(request, null, idempotencyKey)], cancellationToken))[0];
        if (outcome is Submission.Refused(var problem)) throw problem.AsException();
        if (outcome is Submission.Replayed) response.Headers["Idempotency-Replayed"] = "true";

        var task = outcome switch
        {
            Submission.Accepted(var submitted, var at) => TaskResponse.Of(submitted, at),
            Submission.Replayed(var view) => TaskResponse.Of(view),
            _ => throw new UnreachableException(),
        };
        if (time is { } longest && await WaitAsync(task.Id, longest, waiter, cancellationToken) is { } seen)
        {
            task = TaskResponse.Of(seen);
            if (TaskState.IsFinished(seen.Task.State)) return TypedResults.Ok(task);
        }
        return TypedResults.Accepted($"/v1/tasks/{task.Id}", task);
    }

    /// <summary>The task is safe by now: without the database the answer is 202, not an error.</summary>
    private static async Task<TaskView?> WaitAsync(
        Guid id, TimeSpan longest, TaskWaiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            return await waiter.WaitForAsync(id, longest, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }
}
