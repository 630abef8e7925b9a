using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <param name="Reasons">What keeps it from running, most telling first; empty when nothing does.</param>
/// <param name="Placement">Why the latest worker was chosen; null before the first offer.</param>
internal sealed record ExplainResponse(string State, IReadOnlyList<ExplainReason> Reasons, PlacementResponse? Placement);

/// <param name="Load">The chosen worker's load before, 0–1: no eligible one of its tier had less.</param>
/// <param name="Eligible">Eligible workers with room, the chosen one included.</param>
internal sealed record PlacementResponse(string? Worker, int? Attempt, double? Load, int? Eligible);

/// <summary>GET /v1/tasks/{id}/explain</summary>
internal static class ExplainTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("/{id}/explain", HandleAsync)
        .WithName("ExplainTask")
        .WithSummary("Why a task is not running yet, and why its worker was chosen")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.SchedulerUnavailable, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ExplainResponse>> HandleAsync(
        string id, TaskLookup lookup, IBrokerReads reads, ISchedulerGateway gateway, CancellationToken cancellationToken)
    {
        var task = lookup.Parse(id);
        var view = await lookup.FindAsync(task, cancellationToken);
        if (view is null) return TypedResults.Ok(NotRecorded());

        var placement = await FindPlacementAsync(task, reads, cancellationToken);
        if (TaskState.IsFinished(view.Task.State))
            return TypedResults.Ok(new ExplainResponse(view.Task.State, [], placement));

        try
        {
            var explained = await gateway.AskAsync<ExplainTask, TaskExplained>(
                new ExplainTask { Task = task }, CommandTimeout.Default, cancellationToken);
            return TypedResults.Ok(new ExplainResponse(explained.State, explained.Reasons, placement));
        }
        catch (CommandRefusedException refused) when (refused.Code == ProblemCode.UnknownTask)
        {
            // It has finished since we read it.
            var state = (await lookup.ReadAsync(task, cancellationToken)).State;
            return TypedResults.Ok(new ExplainResponse(state, [], placement));
        }
    }

    private static ExplainResponse NotRecorded() => new(TaskState.Accepted,
        [new ExplainReason { Code = "scheduler-behind", Detail = "The scheduler has not recorded it yet." }], null);

    private static async Task<PlacementResponse?> FindPlacementAsync(
        Guid task, IBrokerReads reads, CancellationToken cancellationToken)
    {
        var records = await reads.ListEventsAsync(task, cancellationToken);
        var offer = records.SelectMany(record => record.Transitions).LastOrDefault(step => step.Event == "offered");
        return offer is null ? null : new PlacementResponse(offer.Worker, offer.Attempt, offer.Load, offer.Eligible);
    }
}
