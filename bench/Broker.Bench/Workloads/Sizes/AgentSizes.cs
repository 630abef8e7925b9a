using System.Diagnostics;

namespace Broker.Bench;

/// <summary>Processes of bots, on a Broker in server mode.</summary>
internal static class AgentSizes
{
    /// <summary>The command line's bot and the library's own, one slot each, so that each does half of the tasks.</summary>
    public static async Task<List<SizeRow>> OfAgentsAsync(BenchServers servers, int tasks, CancellationToken cancellationToken)
    {
        await using var broker = new BrokerSystem("agents", new FleetPlan(0, 1, MaxBatch: 1, Processes: 0), servers);
        await broker.StartAsync(cancellationToken);
        var cli = await broker.StartAgentAsync(BrokerSystem.Cli, ["agent", "--id", "cli"], cancellationToken);
        var library = await broker.StartAgentAsync("Worker.Agent", ["--id", "library"], cancellationToken);
        await broker.BurstAsync(new BurstPlan(2 * tasks, Batch: 100, Connections: 4), cancellationToken);
        return [await RowAsync("broker agent", "cli", cli), await RowAsync("Worker.Agent", "library", library)];

        async Task<SizeRow> RowAsync(string name, string worker, int process) => new(
            name, (int)await broker.CountAsync($"SELECT count(*) FROM task_history WHERE worker = '{worker}'", cancellationToken),
            null, null, ProcessMemory.Of(process));
    }

    public static async Task<SizeRow> OfFleetAsync(BenchServers servers, int workers, BurstPlan burst, CancellationToken cancellationToken)
    {
        await using var broker = new BrokerSystem("fleet", new FleetPlan(workers, 1, MaxBatch: 1, Processes: 0), servers);
        await broker.StartAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await broker.StartFleetAsync(new FleetPlan(workers, 1, MaxBatch: 1), cancellationToken);
        var ready = watch.Elapsed;
        var result = await broker.BurstAsync(burst, cancellationToken);
        return new SizeRow($"broker fleet --workers {workers}", burst.Tasks, ready.TotalSeconds, result.TasksPerSecond,
            ProcessMemory.Of(broker.Processes.Single(process => process.Role == "agents").Id));
    }
}
