using RabbitMQ.Client;

namespace Broker.Chaos;

/// <summary>What an operator with bad luck does to queues, past all links.</summary>
internal sealed class RabbitOperator : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private RabbitOperator(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<RabbitOperator> ConnectAsync(Uri address)
    {
        var factory = new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false, ClientProvidedName = "nemesis" };
        var connection = await factory.CreateConnectionAsync();
        return new RabbitOperator(connection, await connection.CreateChannelAsync());
    }

    public async Task<uint> ConsumersOfAsync(string queue) => await _channel.ConsumerCountAsync(queue);

    /// <summary>So many messages were thrown away.</summary>
    public async Task<uint> PurgeAsync(string queue) => await _channel.QueuePurgeAsync(queue);

    public async Task<uint> DeleteAsync(string queue) => await _channel.QueueDeleteAsync(queue);

    /// <summary>Publishes something nobody gets, and waits until RabbitMQ says that it takes nothing any more. False if it does not.</summary>
    public async Task<bool> SeesBlockAsync(TimeSpan limit)
    {
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.ConnectionBlockedAsync += (_, _) =>
        {
            blocked.TrySetResult();
            return Task.CompletedTask;
        };
        await _channel.BasicPublishAsync("", "nemesis.nobody", ReadOnlyMemory<byte>.Empty);
        return await Task.WhenAny(blocked.Task, Task.Delay(limit, TimeProvider.System)) == blocked.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.AbortAsync();
        await _connection.DisposeAsync();
    }
}
