using Broker.Contracts;
using Broker.TestKit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Broker.SystemTests;

/// <summary>A stranger at RabbitMQ: it listens in, repeats what it heard, and sends what nobody should.</summary>
public sealed class RabbitTap : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private RabbitTap(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <param name="address">Null: the server that all tests share.</param>
    public static async Task<RabbitTap> ConnectAsync(Uri? address = null)
    {
        var connection = await new ConnectionFactory { Uri = address ?? TestServices.RabbitMq, ClientProvidedName = "system-tests" }.CreateConnectionAsync();
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        return new RabbitTap(connection, await connection.CreateChannelAsync(confirmed));
    }

    /// <summary>A queue of our own that gets a copy of what is published to the exchange.</summary>
    public async Task<string> ListenAsync(string exchange)
    {
        var queue = (await _channel.QueueDeclareAsync()).QueueName;
        await _channel.QueueBindAsync(queue, exchange, "");
        return queue;
    }

    public Task DeclareExchangeAsync(string exchange, string type) => _channel.ExchangeDeclareAsync(exchange, type, durable: true);

    public Task DeleteExchangeAsync(string exchange) => _channel.ExchangeDeleteAsync(exchange);

    /// <summary>The next message of a queue as it is on the wire.</summary>
    public async Task<(ReadOnlyMemory<byte> Body, string? ContentType)> NextAsync(string queue)
    {
        var got = await Eventually.Async(() => _channel.BasicGetAsync(queue, autoAck: true), got => got is not null, $"a message in {queue}");
        return (got!.Body, got.BasicProperties.ContentType);
    }

    /// <summary>Messages nobody holds yet, and consumers, of a queue that is there.</summary>
    public async Task<(uint Ready, uint Consumers)> CountAsync(string queue)
    {
        var found = await _channel.QueueDeclarePassiveAsync(queue);
        return (found.MessageCount, found.ConsumerCount);
    }

    public Task DeleteQueueAsync(string queue) => _channel.QueueDeleteAsync(queue);

    /// <summary>Throws away what nobody holds yet; how much that was.</summary>
    public Task<uint> PurgeAsync(string queue) => _channel.QueuePurgeAsync(queue);

    /// <summary>Publishes and waits until RabbitMQ has it safe in a queue.</summary>
    public async Task PublishAsync(string exchange, string routingKey, ReadOnlyMemory<byte> body, string? contentType) =>
        await _channel.BasicPublishAsync(exchange, routingKey, mandatory: true,
            new BasicProperties { ContentType = contentType, Persistent = true }, body);

    /// <summary>Deletes the queues of a Broker whose processes have ended. Fails if MassTransit made queues for errors.</summary>
    public async Task RemoveAsync(QueueNames names, IEnumerable<string> workers)
    {
        string[] shared = [names.Submissions, names.Commands, names.Reports, names.Beats, names.Quarantine];
        foreach (var queue in shared.Concat(workers.Select(names.Worker))) await _channel.QueueDeleteAsync(queue);
        foreach (var queue in shared)
            foreach (var forbidden in new[] { $"{queue}_error", $"{queue}_skipped" })
                Assert.True(await FindAsync(forbidden) is null, $"There is a queue {forbidden}.");
    }

    /// <summary>Null if there is no such queue.</summary>
    public async Task<(uint Ready, uint Consumers)?> FindAsync(string queue)
    {
        await using var channel = await _connection.CreateChannelAsync();
        try
        {
            var found = await channel.QueueDeclarePassiveAsync(queue);
            return (found.MessageCount, found.ConsumerCount);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
