namespace Broker.Scheduler;

/// <summary>How long a worker is trusted to answer.</summary>
/// <param name="Scale">Multiplies all of them; 1 but in tests of faults.</param>
internal sealed record Leases(double Scale = 1)
{
    /// <summary>From an offer to its start; longer than <see cref="OfferTtl"/>, so that an offer is not alive after it was given up.</summary>
    public TimeSpan Offer { get; } = Scale * TimeSpan.FromSeconds(60);

    /// <summary>Life of the message in the worker's queue.</summary>
    public TimeSpan OfferTtl { get; } = Scale * TimeSpan.FromSeconds(45);

    /// <summary>From a cancel to its answer.</summary>
    public TimeSpan CancelGrace { get; } = Scale * TimeSpan.FromSeconds(30);

    /// <summary>Beyond three intervals, for a beat that is late rather than missing.</summary>
    public TimeSpan Silence { get; } = Scale * TimeSpan.FromSeconds(5);
}
