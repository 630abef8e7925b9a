using System.CommandLine;

namespace Broker.Bench;

/// <summary><c>scale</c>: what more workers, queued tasks and finished tasks cost.</summary>
internal sealed class ScaleCommand : Command
{
    private static readonly string[] Parts = ["workers", "backlog", "history"];

    public ScaleCommand() : base("scale", "Bursts with 10 to 10,000 workers, over up to 1,000,000 queued and 10,000,000 finished tasks.")
    {
        var rounds = new Option<int>("--rounds") { Description = "Bursts of each size.", DefaultValueFactory = _ => 3 };
        var quick = new Option<bool>("--quick") { Description = "Small sizes, to see that it works." };
        var only = new Option<string[]>("--only") { Description = "One of them; repeat for more.", DefaultValueFactory = _ => Parts };
        only.AcceptOnlyFromAmong(Parts);
        var json = new Option<FileInfo?>("--json") { HelpName = "FILE", Description = "Write the figures there as well." };
        foreach (var option in new Option[] { rounds, quick, only, json }) Add(option);
        SetAction(async (parsed, cancellationToken) =>
        {
            var plan = parsed.GetValue(quick) ? ScalePlan.Quick : ScalePlan.Full(parsed.GetValue(rounds));
            await using var servers = await BenchServers.StartAsync();
            ResultsFile.Write(parsed.GetValue(json), Name, await RunAsync(servers, plan, parsed.GetValue(only)!, cancellationToken));
            return 0;
        });
    }

    private static async Task<object> RunAsync(BenchServers servers, ScalePlan plan, string[] parts, CancellationToken cancellationToken)
    {
        var workers = new List<WorkersRow>();
        if (parts.Contains("workers"))
            foreach (var fleet in plan.Fleets)
            {
                workers.Add(await WorkersBench.RunAsync(servers, fleet, plan, cancellationToken));
                Print(workers[^1], workers[0]);
            }
        var backlog = parts.Contains("backlog") ? await new BacklogBench(servers, plan, Console.WriteLine).RunAsync(cancellationToken) : null;
        if (backlog is not null) Print(backlog);
        var history = parts.Contains("history") ? await new HistoryBench(servers, plan, Console.WriteLine).RunAsync(cancellationToken) : [];
        foreach (var row in history) Console.WriteLine(row.Text(history[0]));
        return new { workers, backlog, history };
    }

    private static void Print(WorkersRow row, WorkersRow first)
    {
        Console.WriteLine(row.Burst.Text(first.Burst));
        Console.WriteLine($"{"",22}online in {row.OnlineSeconds:F1} s; scheduler idle {row.IdleCpu:P2} of a core, {row.IdleTurns:F0} turns/s; placement {row.PlacementMicros:F2} µs; "
            + $"MiB: {string.Join(", ", row.MemoryMib.Select(memory => $"{memory.Key} {memory.Value:F0}"))}");
    }

    private static void Print(BacklogResult backlog)
    {
        foreach (var row in backlog.Bursts) Console.WriteLine(row.Text(backlog.Bursts[0]));
        foreach (var row in backlog.Urgent)
            Console.WriteLine($"  {row.Queued,10:N0} queued, {row.Slots,-14}: a task of priority 9 starts after {row.StartMs.P50:F1} ms, {row.StartMs.Most:F1} at most"
                + (row.DrainPerSecond > 0 ? $"; backlog drained at {row.DrainPerSecond:N0}/s" : ""));
    }
}
