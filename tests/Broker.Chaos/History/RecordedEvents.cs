namespace Broker.Chaos;

/// <summary>A row of <c>task_events</c>: what one turn did to one task.</summary>
/// <param name="Seq">Grows over tasks and workers in the order of commits, without gaps.</param>
/// <param name="At">The moment of the turn, by the database's clock.</param>
internal sealed record RecordedTaskEvent(long Seq, DateTimeOffset At, Guid Task, IReadOnlyList<RecordedStep> Transitions);

/// <summary>One step of a task, as it stands in the row.</summary>
internal sealed record RecordedStep
{
    public required string Event { get; init; }

    /// <summary>The state after it.</summary>
    public required string State { get; init; }

    public int? Attempt { get; init; }
    public string? Worker { get; init; }
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
    public string? By { get; init; }

    /// <summary>Of an offer: the worker's load before it, 0–1.</summary>
    public double? Load { get; init; }

    /// <summary>Of an offer: eligible workers with a free slot.</summary>
    public int? Eligible { get; init; }

    /// <summary>Of an offer: its number, which is also in its token.</summary>
    public long? Offer { get; init; }
}

/// <summary>A row of <c>fleet_events</c>.</summary>
internal sealed record RecordedFleetEvent(
    long Seq, DateTimeOffset At, string Kind, string Pool, string? Worker = null, string? Reason = null, string? By = null);
