using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>An attempt a worker has taken.</summary>
internal sealed class HeldOffer(Offer offer)
{
    public Offer Offer => offer;
    public (Guid Task, int Attempt) Key => (offer.Task, offer.Attempt);
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Its report is on its way; it stays in the inventory until that is confirmed.</summary>
    public bool IsFinished { get; set; }

    public ScheduledAction? End { get; set; }
}
