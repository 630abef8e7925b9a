using RabbitMQ.Client;

namespace Broker.Agent;

/// <summary>Connections that some workers share: one to consume, one to report, one to beat. They live and fall together.</summary>
/// <remarks>
/// RabbitMQ stops reading from connections that publish when it runs short of memory: apart, the others still get through,
/// and the results of many workers do not hold up a beat. A worker alone has one report under way at a time, so it beats
/// beside it: every connection counts when a fleet of such workers comes back at once.
/// </remarks>
internal sealed class ConnectionGroup : IAsyncDisposable
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<string> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IConnection> _connections = [];

    private ConnectionGroup() { }

    /// <summary>Completes with the reason as soon as one of the connections is gone or given up.</summary>
    public Task<string> Broken => _broken.Task;

    /// <summary>Workers that use it; guarded by the pool.</summary>
    public int Users { get; set; }

    public IConnection Consuming => _connections[0];

    /// <summary>Shared by all; each worker has one message under way.</summary>
    public IChannel Reports { get; private set; } = null!;

    public IChannel Beats { get; private set; } = null!;

    public static async Task<ConnectionGroup> OpenAsync(RabbitMqOptions options, CancellationToken cancellationToken)
    {
        var group = new ConnectionGroup();
        try
        {
            await group.OpenConnectionsAsync(options, cancellationToken);
            return group;
        }
        catch (Exception)
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connections are not to be trusted any more; whoever uses them has to get others.</summary>
    public void GiveUp(string reason) => _broken.TrySetResult(reason);

    public async ValueTask DisposeAsync()
    {
        GiveUp("closed");
        foreach (var connection in _connections) await connection.AbortAsync(CancellationToken.None);
        foreach (var connection in _connections) await connection.DisposeAsync();
    }

    private async Task OpenConnectionsAsync(RabbitMqOptions options, CancellationToken cancellationToken)
    {
        string[] purposes = options.WorkersPerGroup == 1 ? ["consume", "publish"] : ["consume", "report", "beat"];
        foreach (var purpose in purposes)
        {
            var factory = new ConnectionFactory
            {
                Uri = options.Address,
                AutomaticRecoveryEnabled = false,
                TopologyRecoveryEnabled = false,
                RequestedHeartbeat = TimeSpan.FromSeconds(20),
                RequestedConnectionTimeout = OpenLimit,
                SocketReadTimeout = OpenLimit,
                SocketWriteTimeout = OpenLimit,
                ContinuationTimeout = OpenLimit,
                ClientProvidedName = $"{options.Name} {purpose}",
            };
            var connection = await factory.CreateConnectionAsync(cancellationToken);
            _connections.Add(connection);
            connection.ConnectionShutdownAsync += (_, shutdown) =>
            {
                GiveUp(shutdown.ReplyText);
                return Task.CompletedTask;
            };
        }
        Reports = await OpenPublishingAsync(_connections[1], cancellationToken);
        Beats = await OpenPublishingAsync(_connections[^1], cancellationToken);
    }

    private async Task<IChannel> OpenPublishingAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        channel.ChannelShutdownAsync += (_, shutdown) =>
        {
            GiveUp(shutdown.ReplyText);
            return Task.CompletedTask;
        };
        return channel;
    }
}
