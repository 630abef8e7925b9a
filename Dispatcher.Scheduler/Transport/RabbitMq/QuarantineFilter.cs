using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Broker.Storage;
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace Broker.Scheduler;

/// <summary>Stands in the place of MassTransit's error queue: what can't be read is quarantined, what we can't deal with waits.</summary>
internal sealed class QuarantineFilter(Inbox inbox, string queue, TimeProvider time) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // Thrown on, it goes back to the queue.
        if (IsOurTrouble(context.Exception)) ExceptionDispatchInfo.Throw(context.Exception);

        await SetAsideAsync(context, context.Exception.GetBaseException().Message);
        // Else it would come by once more, as a message that nobody consumed.
        await context.NotifyFaulted(context.Exception);
    }

    /// <summary>A message of a type nobody consumes here.</summary>
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => SetAsideAsync(context, "Nobody consumes messages of this type here.");

    public void Probe(ProbeContext context) => context.CreateFilterScope("quarantine");

    /// <summary>Anything else comes from reading the message, in more ways than can be listed; back in the queue it would come for ever.</summary>
    private static bool IsOurTrouble(Exception exception) => exception.GetBaseException() is
        AbandonedException or OperationCanceledException or ChannelClosedException or RabbitMQClientException or TransportException
        or TimeoutException or IOException;

    private async Task SetAsideAsync(ReceiveContext context, string reason)
    {
        var held = new HeldDelivery();
        var message = QuarantinedMessage.Of(time.GetUtcNow(), queue, reason, context.Body.GetBytes());
        await inbox.PostAsync(new QuarantineInput(message, held), context.CancellationToken);
        await held.Settled;
    }
}
