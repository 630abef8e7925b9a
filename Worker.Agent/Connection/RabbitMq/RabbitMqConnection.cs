using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>Registers over HTTP and works over RabbitMQ. One instance serves all workers of a process.</summary>
internal sealed class RabbitMqConnection(ApiClient api, ConnectionPool pool, TimeProvider timeProvider, ILogger<RabbitMqConnection> logger)
    : IBrokerConnection
{
    public Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        api.RegisterAsync(registration with { Transport = WorkerTransport.Amqp }, cancellationToken);

    public async Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken)
    {
        var group = await pool.RentAsync(cancellationToken);
        var link = new RabbitMqLink(session, group, pool, timeProvider, logger);
        try
        {
            await link.OpenAsync(cancellationToken);
            return link;
        }
        catch (Exception)
        {
            await link.DisposeAsync();
            throw;
        }
    }
}
