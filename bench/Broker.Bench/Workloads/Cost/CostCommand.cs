using System.CommandLine;

namespace Broker.Bench;

/// <summary><c>cost</c>: what a task of Broker's costs each process, in a burst of batches.</summary>
internal sealed class CostCommand : BenchCommand
{
    public CostCommand() : base("cost", "What a task costs each of Broker's processes at full load.", seconds: 8, rounds: 3)
    {
    }

    protected override async Task<object> RunAsync(BenchServers servers, BenchPlan plan, ParseResult parsed, CancellationToken cancellationToken)
    {
        var rows = new List<CostRow>();
        foreach (var (load, burst, maxBatch) in Loads.Where(one => plan.Takes(one.Load)))
        {
            await using var broker = new BrokerSystem("Broker", new FleetPlan(50, 32, maxBatch), servers);
            await broker.StartAsync(cancellationToken);
            await broker.BurstAsync(burst, cancellationToken);
            for (var round = 1; round <= plan.Rounds; round++)
            {
                var row = await CostMeter.MeasureAsync(broker, load, burst, cancellationToken);
                Print(row);
                rows.Add(row);
            }
        }
        return rows;
    }

    private static IReadOnlyList<(string Load, BurstPlan Burst, int MaxBatch)> Loads =>
    [
        ("batches of 100", new BurstPlan(80_000, 100, 8), 32),
        ("batches of 100, one-message bots", new BurstPlan(40_000, 100, 8), 1),
        ("single requests", new BurstPlan(24_000, 1, 64), 32),
    ];

    private static void Print(CostRow row)
    {
        Console.WriteLine($"\n{row.Load}: {row.TasksPerSecond:N0} tasks/s");
        Console.WriteLine($"  CPU µs a task     {string.Join(", ", row.CpuMicros.Select(cpu => $"{cpu.Key} {cpu.Value:F0}"))}; together {row.CpuMicros.Values.Sum():F0}");
        Console.WriteLine($"  memory MiB        {string.Join(", ", row.MemoryMib.Select(memory => $"{memory.Key} {memory.Value:F0}"))}");
        Console.WriteLine($"  a task            {row.MessagesPerTask:F2} messages, {row.WalBytesPerTask:N0} bytes of WAL; {row.TasksPerTurn:F0} tasks a turn");
    }
}
