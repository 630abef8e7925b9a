using Broker.Contracts;
using Broker.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Broker.Scheduler;

/// <summary>Consumes reports and beats with the bare client, again and again across broken connections.</summary>
internal sealed class WorkerConsumers(
    RabbitConnections connections, QueueNames names, Inbox inbox, TimeProvider time)
{
    /// <summary>Reports held by us at most; several turns' worth.</summary>
    private const ushort ReportPrefetch = 4_000;

    /// <summary>Runs until the token is canceled; then the connection is dropped, and what was not settled comes again.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        inbox.Deafen(WorkerTransport.Amqp);
        return connections.KeepAsync("consume", ConsumeAsync, cancellationToken);
    }

    private async Task ConsumeAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // A channel each: delivery tags count per channel, and the ranges of acknowledged reports must not have holes.
        var reportChannel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var beatChannel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await RabbitTopology.DeclareAsync(reportChannel, names, cancellationToken);
        var acks = new AckRange(reportChannel);

        var reports = ConsumerOf(reportChannel, ended);
        reports.ReceivedAsync += (_, delivery) => TakeReportAsync(delivery, acks.DeliveryOf(delivery.DeliveryTag), cancellationToken);
        var beats = ConsumerOf(beatChannel, ended);
        beats.ReceivedAsync += (_, delivery) => TakeBeatAsync(delivery, cancellationToken);

        await reportChannel.BasicQosAsync(0, ReportPrefetch, global: false, cancellationToken);
        await reportChannel.BasicConsumeAsync(names.Reports, autoAck: false, reports, cancellationToken);
        await beatChannel.BasicConsumeAsync(names.Beats, autoAck: true, beats, cancellationToken);

        inbox.Hear(WorkerTransport.Amqp);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var pump = acks.PumpAsync(over.Token);
            await await Task.WhenAny(pump, ended.Task.WaitAsync(cancellationToken));
        }
        finally
        {
            inbox.Deafen(WorkerTransport.Amqp);
            await over.CancelAsync();
        }
    }

    /// <summary>When its queue was deleted or its channel closed, all begins anew, which declares the queue again.</summary>
    private static AsyncEventingBasicConsumer ConsumerOf(IChannel channel, TaskCompletionSource ended)
    {
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, _) => End(ended);
        consumer.ShutdownAsync += (_, _) => End(ended);
        return consumer;
    }

    private async Task TakeReportAsync(BasicDeliverEventArgs message, IDelivery delivery, CancellationToken cancellationToken)
    {
        var (report, reason) = WireDoor.ReadReport(message.Body.Span);
        if (report is not null) await inbox.PostAsync(new ReportInput(report, delivery), cancellationToken);
        else await inbox.PostAsync(new QuarantineInput(Quarantined(names.Reports, reason!, message.Body), delivery), cancellationToken);
    }

    private async Task TakeBeatAsync(BasicDeliverEventArgs message, CancellationToken cancellationToken)
    {
        var (beat, reason) = WireDoor.ReadBeat(message.Body.Span);
        if (beat is not null) inbox.Post(new BeatInput((BeatMessage)beat));
        else await inbox.PostAsync(new QuarantineInput(Quarantined(names.Beats, reason!, message.Body), NoDelivery.Instance), cancellationToken);
    }

    private QuarantinedMessage Quarantined(string source, string reason, ReadOnlyMemory<byte> body) =>
        QuarantinedMessage.Of(time.GetUtcNow(), source, reason, body.Span);

    private static Task End(TaskCompletionSource ended)
    {
        ended.TrySetResult();
        return Task.CompletedTask;
    }
}
