using System.CommandLine;

namespace Broker.Bench;

/// <summary><c>sizes</c>: how much memory bots, a fleet and the embedded mode take, and how soon they are ready.</summary>
internal sealed class SizesCommand : Command
{
    public SizesCommand() : base("sizes", "Memory and start of a bot, of a fleet in one process, and of Broker in one process.")
    {
        var quick = new Option<bool>("--quick") { Description = "Small sizes, to see that it works." };
        var json = new Option<FileInfo?>("--json") { HelpName = "FILE", Description = "Write the figures there as well." };
        Add(quick);
        Add(json);
        SetAction(async (parsed, cancellationToken) =>
        {
            ResultsFile.Write(parsed.GetValue(json), Name, await RunAsync(parsed.GetValue(quick), cancellationToken));
            return 0;
        });
    }

    /// <summary>The embedded mode first: it needs no server, and none is to run beside it.</summary>
    public static async Task<List<SizeRow>> RunAsync(bool quick, CancellationToken cancellationToken)
    {
        var burst = new BurstPlan(quick ? 2_000 : 20_000, Batch: 100, Connections: 4);
        var rows = new List<SizeRow>();
        Add(await EmbeddedSize.MeasureAsync(4, 2, burst, cancellationToken));
        Add(await EmbeddedSize.MeasureAsync(8, 32, burst, cancellationToken));

        await using var servers = await BenchServers.StartAsync();
        Add([.. await AgentSizes.OfAgentsAsync(servers, quick ? 100 : 1_000, cancellationToken)]);
        Add(await AgentSizes.OfFleetAsync(servers, quick ? 50 : 5_000, burst, cancellationToken));
        return rows;

        void Add(params SizeRow[] measured)
        {
            rows.AddRange(measured);
            foreach (var row in measured) Console.WriteLine(Text(row));
        }
    }

    private static string Text(SizeRow row) =>
        $"  {row.Process,-36} {row.Memory} after {row.Tasks:N0} tasks"
        + (row.ReadySeconds is { } ready ? $"; ready in {ready:F2} s" : "") + (row.TasksPerSecond is { } rate ? $"; {rate:N0} tasks/s" : "");
}
