namespace Broker.Storage;

/// <summary>What one turn did to one task.</summary>
/// <param name="Seq">Grows over all tasks and workers in commit order.</param>
public sealed record TaskEventRecord(long Seq, Guid Task, DateTimeOffset At, IReadOnlyList<TaskTransition> Transitions);

/// <summary>One step of a task, as stored in the event's JSON and shown to people.</summary>
public sealed record TaskTransition
{
    /// <summary><c>submitted offered started progress attempt-ended retry-due cancel-requested canceled retried dead
    /// succeeded superseded idempotency-conflict</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The state after it.</summary>
    public required string State { get; init; }

    public int? Attempt { get; init; }
    public string? Worker { get; init; }

    /// <summary>Of an attempt that ended: one of <see cref="Contracts.AttemptOutcome"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>A code or a person's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Of an attempt that failed: the worker's words.</summary>
    public string? Message { get; init; }

    /// <summary>Of progress: 0–100, or null.</summary>
    public double? Percent { get; init; }

    /// <summary>Who: <c>scheduler</c>, a worker's id, or the name a person gave.</summary>
    public string? By { get; init; }

    /// <summary>Of an offer: the chosen worker's load before it, 0–1.</summary>
    public double? Load { get; init; }

    /// <summary>Of an offer: eligible workers with a free slot, the chosen one included.</summary>
    public int? Eligible { get; init; }

    /// <summary>Of an offer: its number, which grows in the order of the decisions.</summary>
    public long? Offer { get; init; }
}

/// <summary>What happened to a worker or a pool.</summary>
/// <param name="Kind"><c>registered suspect online lost offline cordoned uncordoned draining drained activated deactivated
/// quarantined pool-created pool-changed</c>.</param>
public sealed record FleetEventRecord(long Seq, DateTimeOffset At, string Kind, string Pool, string? Worker, string? Reason, string? By);
