using Broker.Storage;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>Stands in the place of MassTransit's error queue: what can't be read is quarantined, what we can't deal with waits.</summary>
internal sealed class QuarantineFilter(Inbox inbox, string queue, TimeProvider time) : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        // Anything but unreadable content is our own trouble: thrown on, it goes back to the queue.
        if (context.Exception is not System.Runtime.Serialization.SerializationException
            && context.Exception.GetBaseException() is not (System.Text.Json.JsonException or FormatException))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(context.Exception);

        await SetAsideAsync(context, context.Exception.GetBaseException().Message);
        // Else it would come by once more, as a message that nobody consumed.
        await context.NotifyFaulted(context.Exception);
    }

    /// <summary>A message of a type nobody consumes here.</summary>
    public Task Send(ReceiveContext context, IPipe<ReceiveContext> next) => SetAsideAsync(context, "Nobody consumes messages of this type here.");

    public void Probe(ProbeContext context) => context.CreateFilterScope("quarantine");

    private async Task SetAsideAsync(ReceiveContext context, string reason)
    {
        var held = new HeldDelivery();
        var body = context.Body.GetBytes();
        var kept = body.AsSpan(0, Math.Min(body.Length, QuarantinedMessage.BodyLimit)).ToArray();
        await inbox.PostAsync(new QuarantineInput(new QuarantinedMessage(time.GetUtcNow(), queue, reason, kept), held), context.CancellationToken);
        await held.Settled;
    }
}
