using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Scheduler;

/// <summary>Declares the shared queues at the start of any scheduler, so that the API can submit before one leads.</summary>
internal sealed partial class TopologyService(
    RabbitConnections connections, SchedulerOptions options, TimeProvider time, ILogger<TopologyService> logger) : BackgroundService
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connections.OpenAsync("declare", stoppingToken);
                await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
                await RabbitTopology.DeclareAsync(channel, options.Queues, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Two schedulers may declare at once, or the broker may go away: neither must end the process.
                Log.NotDeclared(logger, exception.Message);
                await Task.Delay(RetryEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2401, Level = LogLevel.Warning, Message = "The shared queues could not be declared; trying on. {Reason}")]
        public static partial void NotDeclared(ILogger logger, string reason);
    }
}
