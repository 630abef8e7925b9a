namespace Broker.Scheduler;

/// <summary>How long a worker is trusted to answer.</summary>
internal static class Leases
{
    /// <summary>From an offer to its start; longer than <see cref="OfferTtl"/>, so that an offer is not alive after it was given up.</summary>
    public static readonly TimeSpan Offer = TimeSpan.FromSeconds(60);

    /// <summary>Life of the message in the worker's queue.</summary>
    public static readonly TimeSpan OfferTtl = TimeSpan.FromSeconds(45);

    /// <summary>From a cancel to its answer.</summary>
    public static readonly TimeSpan CancelGrace = TimeSpan.FromSeconds(30);
}
