using RabbitMQ.Client;

namespace Broker.Bench.Peers;

/// <summary>Consumers that compete for one durable queue, and nothing else: the floor under everything on RabbitMQ.</summary>
internal sealed class RabbitMqPeer : IPeer
{
    public const string Queue = "bench.rabbitmq";

    private static readonly string QueueType = Environment.GetEnvironmentVariable("BENCH_QUEUE_TYPE") ?? "quorum";

    private static readonly ConnectionFactory Factory = new() { Uri = new Uri(Environment.GetEnvironmentVariable("BENCH_RABBITMQ")!) };

    public async Task PrepareAsync()
    {
        await using var connection = await Factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeleteAsync(Queue);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = QueueType });
    }

    public async Task<IAsyncDisposable> WorkAsync(Tally tally)
    {
        var connection = await Factory.CreateConnectionAsync();
        for (var i = 0; i < Settings.Number("BENCH_CONCURRENCY", 4); i++)
        {
            var channel = await connection.CreateChannelAsync();
            await channel.BasicQosAsync(0, (ushort)Settings.Number("BENCH_PREFETCH", 100), global: false);
            await channel.BasicConsumeAsync(Queue, autoAck: false, new NoopConsumer(channel, tally));
        }

        return connection;
    }

    public async Task<ILoad> OpenAsync(int connections)
    {
        var connection = await Factory.CreateConnectionAsync();
        // A message counts as sent when the broker has confirmed it. The callers bound what is under way, not the client.
        var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
        var channels = await Task.WhenAll(Enumerable.Range(0, Settings.Number("BENCH_CHANNELS", 2)).Select(_ => connection.CreateChannelAsync(options)));
        await channels[0].QueuePurgeAsync(Queue);
        return new RabbitMqLoad(connection, channels);
    }
}
