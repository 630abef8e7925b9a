using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>The way back to whoever sent a command; answering settles it.</summary>
internal sealed class SimulatedReply(SimulatedBroker broker, Attachment attachment, QueuedMessage message) : IReply
{
    public void Answer(object reply)
    {
        attachment.Process.ThrowIfDead();
        broker.Faults.Reach(CrashPoint.BeforeAnswer, attachment.Process);
        broker.CheckAnswered(message.Body, reply);
        attachment.Settle(message);
        if (attachment.Process.CanSend) broker.Answer(message, reply);
    }

    public void Abandon()
    {
        if (!attachment.Process.IsDead) attachment.GiveBack(message);
    }
}
