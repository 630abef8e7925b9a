using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>A message a leader holds.</summary>
internal sealed class SimulatedDelivery(SimulatedBroker broker, Attachment attachment, QueuedMessage message) : IDelivery
{
    public void Settle()
    {
        attachment.Process.ThrowIfDead();
        broker.Faults.Reach(CrashPoint.BeforeSettle, attachment.Process);
        broker.Faults.Reach(CrashPoint.MidSettle, attachment.Process);
        if (!attachment.IsOpen) return;

        broker.CheckSettled(message.Body);
        attachment.Settle(message);
    }

    public void Abandon()
    {
        if (!attachment.Process.IsDead) attachment.GiveBack(message);
    }
}
