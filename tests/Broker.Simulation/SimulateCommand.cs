using System.Diagnostics;
using System.Globalization;

namespace Broker.Simulation;

/// <summary>Runs many seeds on all cores, or one and tells its story.</summary>
internal static class SimulateCommand
{
    private const string Usage = """
        Usage: scripts/simulate [--seeds N] [--from S]     run N seeds from S on (default: 1000 from 1)
               scripts/simulate --seed S                   run one seed and print its history
        Options: --crash POINT   the leader dies at this point again and again
                 --workers N     size of the fleet (default: 1-30, by the seed)
                 --agents SHARE  how many of the workers are real agents, 0-1 (default: by the seed)
        """;

    public static int Run(string[] args)
    {
        if (args.Contains("--help") || args.Length % 2 != 0)
        {
            Console.WriteLine(Usage);
            return args.Contains("--help") ? 0 : 2;
        }

        var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        CrashPoint? point = options.TryGetValue("--crash", out var name) ? Enum.Parse<CrashPoint>(name) : null;
        int? workers = options.TryGetValue("--workers", out var count) ? int.Parse(count) : null;
        double? agents = options.TryGetValue("--agents", out var share) ? double.Parse(share, CultureInfo.InvariantCulture) : null;
        return options.TryGetValue("--seed", out var seed)
            ? RunOne(int.Parse(seed), point, workers, agents)
            : RunMany(int.Parse(options.GetValueOrDefault("--from", "1")), int.Parse(options.GetValueOrDefault("--seeds", "1000")), point, workers, agents);
    }

    private static int RunOne(int seed, CrashPoint? point, int? workers, double? agents)
    {
        var run = new SimulationRun(seed, point, workers, agents: agents);
        var result = run.Run();
        Console.WriteLine(run.Journal.Recent(null, null, int.MaxValue));
        if (result.Violation is { } violation) Console.WriteLine($"\n{Story.Of(run, result, point, workers, agents)}");
        else Console.WriteLine($"\nSeed {seed} holds: {Summary([result])}, hash {run.Journal.Hash():x16}.");
        return result.Violation is null ? 0 : 1;
    }

    private static int RunMany(int from, int seeds, CrashPoint? point, int? workers, double? agents)
    {
        var watch = Stopwatch.StartNew();
        var results = new RunResult[seeds];
        var failed = 0;
        Parallel.For(0, seeds, i =>
        {
            var run = new SimulationRun(from + i, point, workers, agents: agents);
            results[i] = run.Run();
            if (results[i].Violation is null || Interlocked.Increment(ref failed) > 5) return;

            lock (results) Console.WriteLine($"{Story.Of(run, results[i], point, workers, agents)}\n");
        });
        Console.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds:0.0} s ({seeds / watch.Elapsed.TotalSeconds:0} a second): {failed} failed. {Summary(results)}.");
        foreach (var rule in results.Where(result => result.Violation is not null).GroupBy(result => result.Violation!.Rule))
            Console.WriteLine($"  {rule.Key}: {rule.Count()} ({string.Join(' ', rule.Take(10).Select(result => result.Seed))})");
        return failed == 0 ? 0 : 1;
    }

    private static string Summary(RunResult[] results) =>
        $"{results.Sum(result => result.Steps)} steps, {results.Sum(result => result.World.Turn)} turns, "
        + $"{results.Sum(result => result.World.Tasks.Count)} tasks, {results.Sum(result => result.World.Leases.Count)} attempts, "
        + $"{results.Sum(result => result.World.Epoch)} leaderships, {results.Sum(result => result.Hits.Count)} kills at crash points, "
        + $"{results.Sum(result => result.Faults.UnknownCommits)} unknown commits, {results.Sum(result => result.Faults.Unavailable)} refusals, "
        + $"{results.Sum(result => result.Faults.LostOnWire)} lost and {results.Sum(result => result.Faults.Duplicates)} doubled messages, "
        + $"drained in {results.Average(result => result.Drain.TotalSeconds):0} s (at most {results.Max(result => result.Drain.TotalSeconds):0} s)";
}
