namespace Broker.Scheduler.Tests;

/// <summary>A message that remembers what became of it.</summary>
internal sealed class Delivery : IDelivery
{
    public bool Settled { get; private set; }

    public bool Abandoned { get; private set; }

    public void Settle() => Settled = true;

    public void Abandon() => Abandoned = true;
}
