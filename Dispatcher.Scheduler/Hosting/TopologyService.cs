using Microsoft.Extensions.Hosting;

namespace Broker.Scheduler;

/// <summary>Declares the shared queues at the start of any scheduler, so that the API can submit before one leads.</summary>
internal sealed class TopologyService(RabbitConnections connections, SchedulerOptions options) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var connection = await connections.OpenAsync("declare", stoppingToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        await RabbitTopology.DeclareAsync(channel, options.Queues, stoppingToken);
    }
}
