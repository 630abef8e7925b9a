using System.CommandLine;

namespace Broker.Bench;

/// <summary><c>steady</c>: how long a task takes at fixed rates, Broker against its peers.</summary>
internal sealed class SteadyCommand : BenchCommand
{
    private readonly Option<int[]> _rates = new("--rate") { HelpName = "N", Description = "Tasks a second, in place of each system's own; repeat for more." };

    public SteadyCommand() : base("steady", "No-op tasks at fixed rates, one a request: how long until they start and are done.", seconds: 8, rounds: 2) =>
        Add(_rates);

    protected override async Task<object> RunAsync(BenchServers servers, BenchPlan plan, ParseResult parsed, CancellationToken cancellationToken)
    {
        var bench = new SteadyBench(servers, plan.Length, Console.WriteLine);
        var contestants = Contestant.InStreams.Where(contestant => plan.Takes(contestant.Name));
        if (parsed.GetValue(_rates) is { Length: > 0 } rates) contestants = contestants.Select(contestant => contestant with { Rates = rates });
        var rows = await bench.RunAsync([.. contestants], plan.Rounds, cancellationToken);
        Console.WriteLine("\nms from when a task was due, medians of the rounds: p50 / p95 / p99");
        foreach (var row in rows)
            Console.WriteLine($"  {row.Rate,5:N0}/s  {row.System,-28} start {Text(row.StartMs),-26} done {Text(row.DoneMs),-26} {(row.Undone > 0 ? $"{row.Undone:N0} undone" : "")}");
        return rows;
    }

    private static string Text(SteadySamples samples) => $"{samples.P50.Median:F1} / {samples.P95.Median:F1} / {samples.P99.Median:F1}";
}
