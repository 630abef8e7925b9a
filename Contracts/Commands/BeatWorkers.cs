namespace Broker.Contracts;

/// <summary>Beats of HTTP workers, gathered per API process. Answered with <see cref="WorkersBeat"/>.</summary>
public sealed record BeatWorkers
{
    /// <summary>1…n.</summary>
    public required IReadOnlyList<WorkerBeat> Beats { get; init; }
}

/// <summary>One HTTP worker's beat with its inventory.</summary>
public sealed record WorkerBeat
{
    public required string Worker { get; init; }
    public required string Session { get; init; }

    /// <summary>What it holds; null if it did not say. HTTP workers take offers by starting them, so every listed one is held.</summary>
    public IReadOnlyList<HeldAttempt>? Attempts { get; init; }
}

/// <summary>An answer per beat, in order.</summary>
public sealed record WorkersBeat
{
    public required IReadOnlyList<WorkerBeatAnswer> Answers { get; init; }
}

/// <summary>What an HTTP worker is told in answer to its beat.</summary>
public sealed record WorkerBeatAnswer
{
    /// <summary>One of <see cref="ProblemCode"/> when the beat does not count (<c>unknown-worker</c>, <c>stale-session</c>); else null.</summary>
    public string? Code { get; init; }

    public TimeSpan BeatInterval { get; init; }

    /// <summary>Attempts to stop; null for none.</summary>
    public IReadOnlyList<CanceledAttempt>? Cancel { get; init; }

    /// <summary>Whether the worker is to drain.</summary>
    public bool Drain { get; init; }
}
