using Broker.Agent;
using Broker.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Cli;

/// <summary>The workers of <c>broker dev</c>: the same agents as anywhere, on the in-process link.</summary>
internal sealed class DevAgents(
    DevSettings settings, IBrokerConnection connection, HandlerSet handlers, TimeProvider time, ILogger<DevAgents> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(1, settings.Workers).Select(number => RunAsync($"dev-{number}", WorkerRole.Active, stoppingToken))
            .Concat(Enumerable.Range(1, settings.Reserve).Select(number => RunAsync($"reserve-{number}", WorkerRole.Reserve, stoppingToken))));

    private Task<AgentExit> RunAsync(string id, string role, CancellationToken stoppingToken)
    {
        var registration = new WorkerRegistration
        {
            Id = id,
            Slots = settings.Slots,
            Role = role,
            MaxBatch = settings.Slots,
            Version = "dev",
        };
        return new AgentWorker(connection, handlers, new AgentSettings(registration), time, Random.Shared, logger).RunAsync(stoppingToken);
    }
}
