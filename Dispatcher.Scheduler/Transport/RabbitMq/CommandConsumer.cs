using MassTransit;

namespace Broker.Scheduler;

/// <summary>Holds a command until the turn that decided it has committed, then answers it.</summary>
internal sealed class CommandConsumer<TCommand>(Inbox inbox) : IConsumer<TCommand> where TCommand : class
{
    public async Task Consume(ConsumeContext<TCommand> context)
    {
        var reply = new HeldReply();
        await inbox.PostAsync(new CommandInput(context.Message, reply), context.CancellationToken);
        await context.RespondAsync(await reply.Answered);
    }
}
