using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Broker.Contracts;
using Broker.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Broker.Agent.Tests;

/// <summary>The scheduler's end of the wire on a real RabbitMQ, under a queue prefix of its own; workers connect through a proxy.</summary>
internal sealed class RabbitFixture : IAsyncDisposable
{
    private readonly QueueNames _names = new($"t{Guid.NewGuid():N}."[..10]);
    private readonly Channel<ReportMessage> _reports = Channel.CreateUnbounded<ReportMessage>();
    private readonly Channel<InventoryMessage> _inventories = Channel.CreateUnbounded<InventoryMessage>();
    private readonly Channel<BeatMessage> _beats = Channel.CreateUnbounded<BeatMessage>();
    private readonly List<string> _workers = [];
    private readonly HashSet<Guid> _succeeded = [];
    private readonly CancellationTokenSource _stop = new();
    private IConnection _connection = null!;
    private IChannel _channel = null!;
    private HttpClient _http = null!;
    private ConnectionPool _pool = null!;

    public TcpProxy Proxy { get; private set; } = null!;

    public static async Task<RabbitFixture> StartAsync()
    {
        var fixture = new RabbitFixture();
        var address = TestServices.RabbitMq;
        fixture.Proxy = new TcpProxy(address.Host, address.Port);
        fixture._connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        fixture._channel = await fixture._connection.CreateChannelAsync();
        foreach (var queue in new[] { fixture._names.Reports, fixture._names.Beats })
            await fixture._channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        await fixture.ConsumeAsync(fixture._names.Reports);
        await fixture.ConsumeAsync(fixture._names.Beats);

        fixture._http = new HttpClient(new RegisteringHandler(fixture)) { BaseAddress = new Uri("http://api.test/") };
        fixture._pool = new ConnectionPool(new RabbitMqOptions(new UriBuilder(address) { Host = "127.0.0.1", Port = fixture.Proxy.Port }.Uri)
        {
            ConfirmLimit = TimeSpan.FromSeconds(5),
        });
        return fixture;
    }

    public Task<AgentExit> StartWorker(string id, HandlerSet handlers, int slots = 4)
    {
        _workers.Add(id);
        var connection = new RabbitMqConnection(
            new ApiClient(_http), _pool, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);
        return new AgentWorker(connection, handlers, new AgentSettings(new WorkerRegistration { Id = id, Slots = slots }),
            TimeProvider.System, Random.Shared, NullLogger.Instance).RunAsync(_stop.Token);
    }

    public void Stop() => _stop.Cancel();

    public async Task OfferAsync(string worker, params Offer[] offers) => await _channel.BasicPublishAsync(
        "", _names.Worker(worker), mandatory: true, new BasicProperties { Type = WireKind.Offer },
        JsonSerializer.SerializeToUtf8Bytes(new OfferMessage { Offers = offers }, WireJson.Default.OfferMessage));

    public async Task SendRawAsync(string worker, string kind, string body) => await _channel.BasicPublishAsync(
        "", _names.Worker(worker), mandatory: true, new BasicProperties { Type = kind }, Encoding.UTF8.GetBytes(body));

    public Task DeleteQueueAsync(string worker) => _channel.QueueDeleteAsync(_names.Worker(worker));

    public Task<InventoryMessage> NextInventoryAsync() => NextAsync(_inventories);

    public Task<BeatMessage> NextBeatAsync() => NextAsync(_beats);

    /// <summary>Reads on until so many tasks have succeeded in all.</summary>
    public async Task<IReadOnlyCollection<Guid>> SucceededAsync(int tasks)
    {
        while (_succeeded.Count < tasks)
            if (await NextAsync(_reports) is { Kind: WireKind.Succeeded } message)
                _succeeded.UnionWith(message.Reports.Select(report => report.Task));
        return _succeeded;
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        foreach (var queue in _workers.Select(_names.Worker).Concat([_names.Reports, _names.Beats]))
            await _channel.QueueDeleteAsync(queue);
        await _connection.DisposeAsync();
        await Proxy.DisposeAsync();
        _pool.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private static async Task<T> NextAsync<T>(Channel<T> channel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await channel.Reader.ReadAsync(deadline.Token);
    }

    private async Task ConsumeAsync(string queue)
    {
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var kind = delivery.BasicProperties.Type;
            var body = delivery.Body.Span;
            if (kind == WireKind.Beat) _beats.Writer.TryWrite(JsonSerializer.Deserialize(body, WireJson.Default.BeatMessage)!);
            else if (kind == WireKind.Inventory) _inventories.Writer.TryWrite(JsonSerializer.Deserialize(body, WireJson.Default.InventoryMessage)!);
            else _reports.Writer.TryWrite(JsonSerializer.Deserialize(body, WireJson.Default.ReportMessage)!);
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue, autoAck: true, consumer);
    }

    /// <summary>Answers registrations as the API does, once the worker's queue stands.</summary>
    private sealed class RegisteringHandler(RabbitFixture fixture) : HttpMessageHandler
    {
        private int _sessions;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var body = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            var id = body.RootElement.GetProperty("id").GetString()!;
            await fixture._channel.QueueDeclareAsync(
                fixture._names.Worker(id), durable: true, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
            var answer = JsonSerializer.Serialize(new
            {
                id,
                session = $"s{Interlocked.Increment(ref _sessions)}",
                queue = fixture._names.Worker(id),
                reportsQueue = fixture._names.Reports,
                beatsQueue = fixture._names.Beats,
                beatInterval = "1s",
                later = "ignored",
            });
            return new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
