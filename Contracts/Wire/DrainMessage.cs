namespace Broker.Contracts;

/// <summary>Scheduler to worker: nothing new will come; finish or give back what you have.</summary>
public sealed record DrainMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Drain;

    /// <summary>Why, in the operator's words; null if none were given.</summary>
    public string? Reason { get; init; }

    /// <summary>At this moment, by Broker's clock, what still runs is given up and canceled; null to let it finish.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
