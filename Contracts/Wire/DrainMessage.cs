namespace Broker.Contracts;

/// <summary>Scheduler to worker: nothing new will come; finish or give back what you have.</summary>
public sealed record DrainMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Drain;

    /// <summary>Why, in the operator's words; null if none were given.</summary>
    public string? Reason { get; init; }

    /// <summary>After this moment running attempts are released; null to let them finish.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
