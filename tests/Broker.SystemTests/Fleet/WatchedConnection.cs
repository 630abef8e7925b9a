using Broker.Agent;

namespace Broker.SystemTests;

/// <summary>A bot's way to Broker that keeps in mind when its last link began to stand: RabbitMQ has confirmed its consumer.</summary>
internal sealed class WatchedConnection(IBrokerConnection inner) : IBrokerConnection
{
    private long _openedAt;

    /// <summary>As <see cref="TimeProvider.GetTimestamp"/>; 0 for never.</summary>
    public long OpenedAt => Volatile.Read(ref _openedAt);

    public Task<Contracts.WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        inner.RegisterAsync(registration, cancellationToken);

    public async Task<IWorkerLink> ConnectAsync(Contracts.WorkerRegistered session, CancellationToken cancellationToken)
    {
        var link = await inner.ConnectAsync(session, cancellationToken);
        Volatile.Write(ref _openedAt, TimeProvider.System.GetTimestamp());
        return link;
    }
}
