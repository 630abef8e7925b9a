using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>One step of a task.</summary>
internal sealed record TaskEventResponse
{
    /// <summary>Grows over all tasks in commit order; steps of one turn share it.</summary>
    public required long Seq { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary><c>submitted offered started progress attempt-ended retry-due cancel-requested canceled retried dead
    /// succeeded superseded idempotency-conflict</c>.</summary>
    public required string Event { get; init; }

    /// <summary>State before it.</summary>
    public required string From { get; init; }

    /// <summary>State after it.</summary>
    public required string To { get; init; }

    public int? Attempt { get; init; }
    public string? Worker { get; init; }

    /// <summary>Of an attempt that ended: <c>succeeded failed timed-out lost released interrupted undeliverable canceled</c>.</summary>
    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>Who: <c>scheduler</c>, a worker's id, or the name of a person.</summary>
    public string? By { get; init; }

    /// <summary>Of an offer: the chosen worker's load before it, 0–1.</summary>
    public double? Load { get; init; }

    /// <summary>Of an offer: eligible workers with a free slot, the chosen one included.</summary>
    public int? Eligible { get; init; }

    /// <summary>Of an offer: its number, which grows in the order of the decisions.</summary>
    public long? Offer { get; init; }

    /// <summary>Of progress: 0–100.</summary>
    public double? Percent { get; init; }

    /// <summary>Of an attempt that failed: the worker's words.</summary>
    public string? Message { get; init; }
}

/// <summary>GET /v1/tasks/{id}/events</summary>
internal static class ListTaskEventsEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("/{id}/events", HandleAsync)
        .WithName("ListTaskEvents")
        .WithSummary("Everything that happened to a task, oldest first")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<TaskEventResponse>>> HandleAsync(
        string id, TaskLookup lookup, IBrokerReads reads, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var records = await reads.ListEventsAsync(lookup.Parse(id), cancellationToken);
        return TypedResults.Ok(new ItemsResponse<TaskEventResponse>(Flatten(records), null, timeProvider.GetUtcNow()));
    }

    private static List<TaskEventResponse> Flatten(IReadOnlyList<TaskEventRecord> records)
    {
        var events = new List<TaskEventResponse>();
        var state = TaskState.Accepted;
        foreach (var record in records)
        {
            foreach (var step in record.Transitions)
            {
                events.Add(new TaskEventResponse
                {
                    Seq = record.Seq,
                    At = record.At,
                    Event = step.Event,
                    From = state,
                    To = step.State,
                    Attempt = step.Attempt,
                    Worker = step.Worker,
                    Outcome = step.Outcome,
                    Reason = step.Reason,
                    By = step.By,
                    Load = step.Load,
                    Eligible = step.Eligible,
                    Offer = step.Offer,
                    Percent = step.Percent,
                    Message = step.Message,
                });
                state = step.State;
            }
        }
        return events;
    }
}
