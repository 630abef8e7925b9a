using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Broker.Contracts;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Broker.Agent;

/// <summary>A worker's link over RabbitMQ: its own channel to consume, the group's to publish.</summary>
internal sealed partial class RabbitMqLink(
    WorkerRegistered session, ConnectionGroup group, ConnectionPool pool, TimeProvider timeProvider, ILogger logger) : IWorkerLink
{
    /// <summary>Offers are bounded by the worker's slots; this only bounds a flood.</summary>
    private const ushort Prefetch = 1_000;

    private readonly Channel<object> _incoming = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private IChannel? _channel;

    public ChannelReader<object> Incoming => _incoming.Reader;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _channel = await group.Consuming.CreateChannelAsync(cancellationToken: cancellationToken);
        await _channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken);

        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += TakeAsync;
        consumer.ShutdownAsync += (_, _) => EndAsync();
        consumer.UnregisteredAsync += (_, _) => EndAsync();
        _ = EndWithGroupAsync();
        try
        {
            await _channel.BasicConsumeAsync(session.Queue!, autoAck: false, consumer, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            throw new SessionEndedException($"The queue {session.Queue} is gone.", exception);
        }
    }

    public Task SendAsync(object message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case ReportMessage report:
                return PublishAsync(
                    group.Reports, session.ReportsQueue!, report.Kind, report, WireJson.Default.ReportMessage, persistent: true, cancellationToken);
            case InventoryMessage inventory:
                return PublishAsync(
                    group.Reports, session.ReportsQueue!, inventory.Kind, inventory, WireJson.Default.InventoryMessage, persistent: true, cancellationToken);
            default:
                throw new UnreachableException($"{message.GetType().Name} does not go to the scheduler.");
        }
    }

    public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) =>
        PublishAsync(group.Beats, session.BeatsQueue!, beat.Kind, beat, WireJson.Default.BeatMessage, persistent: false, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _incoming.Writer.TryComplete();
        if (_channel is not null)
        {
            try
            {
                if (_channel.IsOpen) await _channel.CloseAsync(CancellationToken.None);
                await _channel.DisposeAsync();
            }
            catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException or ObjectDisposedException)
            {
                // The connection went first.
            }
        }
        await pool.ReturnAsync(group);
    }

    private async Task PublishAsync<T>(
        IChannel channel, string queue, string kind, T message, JsonTypeInfo<T> type, bool persistent, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties { Type = kind, ContentType = "application/json", Persistent = persistent };
        var body = JsonSerializer.SerializeToUtf8Bytes(message, type);
        try
        {
            // The client gets no token: a publish may hang beyond it after an outage, and a half-sent one would spoil the channel.
            await channel.BasicPublishAsync("", queue, mandatory: true, properties, body, CancellationToken.None)
                .AsTask().WaitAsync(pool.Options.ConfirmLimit, timeProvider, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            group.GiveUp($"not confirmed within {pool.Options.ConfirmLimit}");
            throw new LinkBrokenException($"RabbitMQ did not confirm a message to {queue} in time.", exception);
        }
        catch (PublishException exception)
        {
            throw new LinkBrokenException(
                exception.IsReturn ? $"There is no queue {queue}." : $"RabbitMQ refused a message to {queue}.", exception);
        }
    }

    private async Task TakeAsync(object sender, BasicDeliverEventArgs delivery)
    {
        try
        {
            // Once the link is closed nobody reads any more: what still comes goes to the next one.
            if (Read(delivery.BasicProperties.Type, delivery.Body.Span) is { } message && !_incoming.Writer.TryWrite(message)) return;
        }
        catch (JsonException exception)
        {
            Log.Unreadable(logger, session.Worker, exception.Message);
        }
        try
        {
            await _channel!.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or ObjectDisposedException)
        {
            // It comes again over the next link, and is known by then.
        }
    }

    private static object? Read(string? kind, ReadOnlySpan<byte> body) => kind switch
    {
        WireKind.Offer => JsonSerializer.Deserialize(body, WireJson.Default.OfferMessage),
        WireKind.Cancel => JsonSerializer.Deserialize(body, WireJson.Default.CancelMessage),
        WireKind.Drain => JsonSerializer.Deserialize(body, WireJson.Default.DrainMessage),
        WireKind.Settings => JsonSerializer.Deserialize(body, WireJson.Default.SettingsMessage),
        _ => null,
    };

    private async Task EndWithGroupAsync()
    {
        await group.Broken;
        await EndAsync();
    }

    private Task EndAsync()
    {
        _incoming.Writer.TryComplete();
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "Worker {WorkerId} got a message it can't read; it is ignored. {Reason}")]
        public static partial void Unreadable(ILogger logger, string workerId, string reason);
    }
}
