using System.CommandLine;

namespace Broker.Bench;

/// <summary>Compares ways to hand tasks to workers of unequal slots and speed, in simulated time.</summary>
internal sealed class UnevenCommand : Command
{
    private const string Besides = """
        Where a shared queue ties, Broker gives besides: priority over the whole backlog until the moment a slot is free, cancel of
        a task that waits, each worker's load and tasks by name, and the reason of every choice and of every wait.
        """;

    public UnevenCommand() : base("uneven", "Short and long tasks on an uneven fleet, in simulated time: least load against other ways.")
    {
        var seeds = new Option<int>("--seeds") { Description = "How often fleet and tasks are drawn anew.", DefaultValueFactory = _ => 9 };
        var json = new Option<FileInfo?>("--json") { HelpName = "FILE", Description = "Write the table there as JSON, too." };
        Add(seeds);
        Add(json);
        SetAction(result => Run(result.GetValue(seeds), result.GetValue(json)));
    }

    private void Run(int seeds, FileInfo? json)
    {
        Console.WriteLine("90 % of tasks 10 ms, 10 % 1 s, on workers of 1-16 slots and speed 0.5-2; "
            + $"a message takes {UnevenRun.Way.TotalMilliseconds} ms; medians of {seeds} seeds (least-most), x: against Broker's");
        var rows = UnevenBench.Plans.SelectMany(plan => Measured(plan, seeds)).ToList();
        Console.WriteLine("\n" + Besides);
        ResultsFile.Write(json, Name, new { seeds, wayMs = UnevenRun.Way.TotalMilliseconds, rows });
    }

    private static List<UnevenRow> Measured(UnevenPlan plan, int seeds)
    {
        var rows = UnevenBench.Run(plan, Contenders.Others, seeds);
        Console.WriteLine($"\n{plan.Workers} workers, {plan.Name}: {plan.Measure} in seconds");
        foreach (var row in rows)
        {
            var compared = row == rows[0] ? "" : $"{(row.Ratio < 100 ? $"{row.Ratio:0.00}" : "> 100"),6} x  Broker {row.Verdict}";
            Console.WriteLine($"  {row.Contender,-40} {row.Seconds,8:0.000}  {$"({row.Least:0.000}-{row.Most:0.000})",-18} {compared}");
        }
        return rows;
    }
}
