using Broker.Contracts;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>Holds a submission until the turn that recorded it has committed.</summary>
internal sealed class SubmissionConsumer(Inbox inbox) : IConsumer<TaskSubmitted>
{
    public async Task Consume(ConsumeContext<TaskSubmitted> context)
    {
        // As unreadable content, it goes to quarantine.
        if (SubmissionDoor.Refuse(context.Message) is { } reason) throw new FormatException(reason);

        var held = new HeldDelivery();
        await inbox.PostAsync(new SubmissionInput(context.Message, held), context.CancellationToken);
        await held.Settled;
    }
}
