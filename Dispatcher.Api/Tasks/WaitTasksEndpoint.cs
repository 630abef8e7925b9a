using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>Which tasks to wait for.</summary>
internal sealed record WaitTasksRequest
{
    /// <summary>1–1,000.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>At most 60 s, which is the default.</summary>
    public string? Timeout { get; init; }
}

/// <summary>POST /v1/tasks/wait</summary>
internal static class WaitTasksEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/wait", HandleAsync)
        .WithName("WaitTasks")
        .WithSummary("Wait until at least one of up to 1,000 tasks has finished")
        .WithDescription("Answers with those that have finished; with none when the time is over.")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.ValidationFailed, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<TaskResponse>>> HandleAsync(
        WaitTasksRequest request, TaskLookup lookup, TaskWaiter waiter, TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        errors.Range(request.Ids?.Count ?? 0, "#/ids", 1, Limits.BatchCount);
        var timeout = errors.Duration(request.Timeout, "#/timeout", TimeSpan.Zero, Limits.LongestWait) ?? Limits.LongestWait;
        errors.ThrowIfAny();

        var ids = request.Ids!.Select(id => lookup.Parse(id ?? "")).Distinct().ToArray();
        var finished = await waiter.WaitAsync(ids, timeout, cancellationToken);
        return TypedResults.Ok(new ItemsResponse<TaskResponse>(
            [.. finished.Select(TaskResponse.Of)], null, timeProvider.GetUtcNow()));
    }
}
