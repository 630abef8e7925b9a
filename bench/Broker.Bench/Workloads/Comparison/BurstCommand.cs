using System.CommandLine;

namespace Broker.Bench;

/// <summary><c>burst</c>: as many no-op tasks as fast as they are taken, Broker against its peers.</summary>
internal sealed class BurstCommand : BenchCommand
{
    public BurstCommand() : base("burst", "No-op tasks as fast as each system takes them: Broker against its peers.", seconds: 6, rounds: 3)
    {
    }

    protected override async Task<object> RunAsync(BenchServers servers, BenchPlan plan, ParseResult parsed, CancellationToken cancellationToken)
    {
        var bench = new BurstBench(servers, plan.Length, Console.WriteLine);
        var rows = await bench.RunAsync([.. Contestant.InBursts.Where(contestant => plan.Takes(contestant.Name))], plan.Rounds, cancellationToken);
        foreach (var workload in rows.GroupBy(row => row.Workload)) Print(workload.Key, [.. workload]);
        Console.WriteLine();
        foreach (var row in rows.DistinctBy(row => row.Durability)) Console.WriteLine($"{row.System}: {row.Durability}");
        return rows;
    }

    private static void Print(string workload, IReadOnlyList<BurstRow> rows)
    {
        Console.WriteLine($"\n{workload}: tasks/s, median (least-most); x: Broker's first row over it");
        foreach (var row in rows)
        {
            var (rate, ratio) = (row.TasksPerSecond, rows[0].TasksPerSecond.Median / row.TasksPerSecond.Median);
            Console.WriteLine($"  {row.System,-28} {rate.Median,9:N0}  {$"({rate.Least:N0}-{rate.Most:N0})",-20} {ratio,6:0.00} x");
        }
    }
}
