namespace Broker.Contracts;

/// <summary>What do these workers have right now? Answered with <see cref="WorkersNow"/> from the leader's memory.</summary>
public sealed record AskWorkers
{
    /// <summary>1–500.</summary>
    public required IReadOnlyList<string> Workers { get; init; }
}

/// <summary>In the order asked; null for a worker the leader does not know.</summary>
public sealed record WorkersNow
{
    public required IReadOnlyList<WorkerNow?> Workers { get; init; }
}

/// <summary>One worker at this moment.</summary>
public sealed record WorkerNow
{
    /// <summary>Null if this leader has not heard of it yet.</summary>
    public DateTimeOffset? LastBeatAt { get; init; }

    /// <summary>Σ cost of offered and running.</summary>
    public required int SlotsUsed { get; init; }

    /// <summary>Live attempts, at most 1,000.</summary>
    public required IReadOnlyList<HeldAttempt> Attempts { get; init; }
}
