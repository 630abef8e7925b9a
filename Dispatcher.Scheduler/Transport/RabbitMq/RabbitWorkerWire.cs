using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Broker.Contracts;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.Scheduler;

/// <summary>Publishes to the workers' own queues: mandatory, confirmed, many in flight.</summary>
/// <remarks>Offers are not persistent: their rows are. A restart of RabbitMQ loses those that lie in queues, so after a broken
/// connection what no worker lists is sent again. What was not confirmed goes again over the next connection, first and in
/// order: workers know attempts they had.</remarks>
internal sealed partial class RabbitWorkerWire(
    RabbitConnections connections, QueueNames names, TimeSpan offerTtl, Inbox inbox, TimeProvider time, ILogger<RabbitWorkerWire> logger) : IWorkerWire
{
    private const int InFlightLimit = 1_000;

    /// <summary>Connections a message may break, as one that is too large does; then it is forgotten. Silence does not count.</summary>
    private const int FailureLimit = 3;

    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Item> _unconfirmed = new();
    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });
    private long _number;
    private bool _wasConnected;

    public void Declare(string worker, Action<bool> done) => _items.Writer.TryWrite(new Item(worker, null, done, time.GetTimestamp()));

    public void Send(WorkerMessage message) => _items.Writer.TryWrite(new Item(message.Worker, message, null, time.GetTimestamp()));

    /// <summary>Runs until the token is canceled. A connection that fails or hangs is replaced; offers too old by then are not sent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await connections.KeepAsync("publish", PublishAllAsync, cancellationToken);
        while (_items.Reader.TryRead(out var item)) item.Done?.Invoke(false);
    }

    private async Task PublishAllAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var declaring = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var publishing = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var inFlight = new SemaphoreSlim(InFlightLimit);
        if (_wasConnected) inbox.Post(new ReconnectInput());
        _wasConnected = true;

        foreach (var (number, item) in _unconfirmed.OrderBy(entry => entry.Key))
            await BeginAsync(publishing, number, item, inFlight, broken);
        while (await _items.Reader.WaitToReadAsync(broken.Token))
        {
            while (_items.Reader.TryRead(out var item))
            {
                if (item.Done is not null) await DeclareAsync(declaring, item, broken.Token);
                else await BeginAsync(publishing, ++_number, item, inFlight, broken);
            }
        }
    }

    private async Task BeginAsync(IChannel channel, long number, Item item, SemaphoreSlim inFlight, CancellationTokenSource broken)
    {
        _unconfirmed.TryRemove(number, out _);
        if (item.Message!.Body is OfferMessage && time.GetElapsedTime(item.At) > offerTtl) return;
        if (item.Failures >= FailureLimit) return;

        _unconfirmed[number] = item;
        await inFlight.WaitAsync(broken.Token);
        _ = PublishAsync(channel, number, item, inFlight, broken);
    }

    private async Task DeclareAsync(IChannel channel, Item item, CancellationToken cancellationToken)
    {
        var stands = false;
        try
        {
            await RabbitTopology.DeclareWorkerAsync(channel, names.Worker(item.Worker), cancellationToken)
                .WaitAsync(PublishTimeout, time, cancellationToken);
            stands = true;
        }
        finally
        {
            item.Done!(stands);
        }
    }

    /// <summary>Ends by itself within the timeout, whatever the broker does; failures are dealt with here.</summary>
    private async Task PublishAsync(IChannel channel, long number, Item item, SemaphoreSlim inFlight, CancellationTokenSource broken)
    {
        var message = item.Message!;
        try
        {
            var (properties, body) = Encode(message, offerTtl - time.GetElapsedTime(item.At));
            await channel.BasicPublishAsync("", names.Worker(message.Worker), mandatory: true, properties, body, broken.Token)
                .AsTask().WaitAsync(PublishTimeout, time, broken.Token);
            _unconfirmed.TryRemove(number, out _);
            inFlight.Release();
        }
        catch (PublishException returned) when (returned.IsReturn)
        {
            _unconfirmed.TryRemove(number, out _);
            inbox.Post(new ReturnInput(message.Worker, message.Attempts));
            inFlight.Release();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Not confirmed in time or not at all: the client may hang for ever after an outage, so the connection is replaced.
            if (exception is not TimeoutException) item.Failures++;
            Log.NotConfirmed(logger, message.Worker, exception.Message);
            await broken.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // The connection is being replaced.
        }
    }

    /// <param name="left">Of an offer's life: one that goes again does not begin a new one.</param>
    private static (BasicProperties Properties, byte[] Body) Encode(WorkerMessage message, TimeSpan left)
    {
        var properties = new BasicProperties { Persistent = message.Body is not OfferMessage, ContentType = "application/json" };
        switch (message.Body)
        {
            case OfferMessage offers:
                properties.Type = WireKind.Offer;
                properties.Expiration = Math.Max(0, (int)left.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
                properties.Headers = HeadersOf(offers.Offers[0]);
                return (properties, JsonSerializer.SerializeToUtf8Bytes(offers, WireJson.Default.OfferMessage));
            case CancelMessage cancel:
                properties.Type = WireKind.Cancel;
                return (properties, JsonSerializer.SerializeToUtf8Bytes(cancel, WireJson.Default.CancelMessage));
            case DrainMessage drain:
                properties.Type = WireKind.Drain;
                return (properties, JsonSerializer.SerializeToUtf8Bytes(drain, WireJson.Default.DrainMessage));
            case SettingsMessage settings:
                properties.Type = WireKind.Settings;
                return (properties, JsonSerializer.SerializeToUtf8Bytes(settings, WireJson.Default.SettingsMessage));
            default:
                throw new System.Diagnostics.UnreachableException($"Workers are not told {message.Body.GetType().Name}.");
        }
    }

    /// <summary>For people who look at a queue in the management UI; programs read the body.</summary>
    private static Dictionary<string, object?> HeadersOf(Offer first) => new()
    {
        ["task"] = first.Task.ToString(),
        ["task-type"] = first.Type,
        ["priority"] = first.Priority,
        ["attempt"] = first.Attempt,
        ["pool"] = first.Pool,
    };

    private sealed record Item(string Worker, WorkerMessage? Message, Action<bool>? Done, long At)
    {
        public int Failures { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2122, Level = LogLevel.Warning, Message = "A message to worker {WorkerId} was not confirmed; connecting anew. {Reason}")]
        public static partial void NotConfirmed(ILogger logger, string workerId, string reason);
    }
}
