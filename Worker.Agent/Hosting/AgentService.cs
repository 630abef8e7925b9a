using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Broker.Agent;

/// <summary>Runs one worker as long as the host runs. When the worker ends by itself, the host stops with exit code 1.</summary>
internal sealed class AgentService(
    IBrokerConnection connection, HandlerSet handlers, IOptions<AgentOptions> options, IHostApplicationLifetime lifetime,
    TimeProvider timeProvider, ILogger<AgentService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var worker = new AgentWorker(connection, handlers, SettingsOf(options.Value), timeProvider, Random.Shared, logger);
        if (await worker.RunAsync(stoppingToken) == AgentExit.Stopped) return;

        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private static AgentSettings SettingsOf(AgentOptions options) => new(new WorkerRegistration
    {
        Id = options.Id,
        Pool = options.Pool,
        Slots = options.Slots,
        Labels = options.Labels.Count > 0 ? options.Labels : null,
        Role = options.Role,
        MaxBatch = options.MaxBatch,
        Version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3),
    })
    {
        DrainLimit = options.DrainLimit,
    };
}
