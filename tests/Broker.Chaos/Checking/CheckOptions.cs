namespace Broker.Chaos;

/// <summary>What the run was set up with and what it planted.</summary>
internal sealed record CheckOptions
{
    /// <summary>Silence after which a worker may be lost: 3 beats and 5 s, of the shortest interval told.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>No start within this time ends an offer.</summary>
    public TimeSpan OfferLease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an answer to a cancel is waited for.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Losses of one round that make a task poison.</summary>
    public int LossLimit { get; init; } = 3;

    /// <summary>Messages in <c>_error</c> and <c>_skipped</c> queues that were planted.</summary>
    public int PlantedErrors { get; init; }

    /// <summary>Rows of the quarantine that were planted.</summary>
    public int PlantedQuarantine { get; init; }

    /// <summary>Workers that write no history: what they executed is not judged, only what became of it.</summary>
    public IReadOnlyList<string> Unrecorded { get; init; } = [];

    /// <summary>Violations listed per invariant; the rest is counted.</summary>
    public int ListLimit { get; init; } = 20;
}
