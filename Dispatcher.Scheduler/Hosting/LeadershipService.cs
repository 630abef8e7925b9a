using Microsoft.Extensions.Hosting;

namespace Broker.Scheduler;

/// <summary>Runs the leadership loop for the life of the process.</summary>
internal sealed class LeadershipService(LeadershipLoop loop) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(stoppingToken);
}
