using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/tasks/{id}</summary>
internal static class GetTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("/{id}", HandleAsync)
        .WithName("GetTask")
        .WithSummary("Read a task")
        .WithDescription("With `wait` it answers as soon as the task has finished, or with what it is when the time is over.")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.ValidationFailed, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<TaskResponse>> HandleAsync(
        string id, string? wait, TaskLookup lookup, TaskWaiter waiter, CancellationToken cancellationToken)
    {
        var task = lookup.Parse(id);
        if (WaitParameter.Read(wait) is { } longest
            && await waiter.WaitAsync([task], longest, cancellationToken) is [var finished, ..])
            return TypedResults.Ok(TaskResponse.Of(finished));

        return TypedResults.Ok(await lookup.ReadAsync(task, cancellationToken));
    }
}
