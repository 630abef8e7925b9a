using System.Diagnostics;

namespace Broker.Simulation;

/// <summary>Runs seeds and prints what became of them: failures with their stories, progress on stderr, a summary.</summary>
internal static class SeedReport
{
    private const int StoryLimit = 5;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    public static int PrintOne(RunOptions options)
    {
        var run = new SimulationRun(options);
        var result = run.Run();
        foreach (var fault in run.Schedule) Console.WriteLine($"{(options.Without.Contains(fault.Number) ? "left out: " : "")}{fault}");
        Console.WriteLine(run.Journal.Recent(null, null, int.MaxValue));
        var summary = new RunSummary();
        summary.Add(result);
        if (result.Violation is { } violation) Console.WriteLine($"\n{options} breaks {violation.Rule}: {violation.What}");
        else Console.WriteLine($"\nSeed {options.Seed} holds: {summary}, hash {run.Journal.Hash():x16}.");
        return result.Violation is null ? 0 : 1;
    }

    public static int PrintMany(RunOptions options, int from, int seeds)
    {
        var watch = Stopwatch.StartNew();
        var summary = new RunSummary();
        var told = TimeSpan.Zero;
        Cores.ForEach(from, seeds, seed =>
        {
            var run = new SimulationRun(options with { Seed = seed });
            var result = run.Run();
            var stories = 0;
            lock (summary)
            {
                summary.Add(result);
                if (result.Violation is not null) stories = summary.Failed;
                if (watch.Elapsed - told > ProgressEvery)
                {
                    told = watch.Elapsed;
                    Console.Error.WriteLine($"{summary.Seeds} of {seeds} seeds, {summary.Failed} failed, {told.TotalSeconds:0} s");
                }
            }
            if (stories is < 1 or > StoryLimit) return;

            var story = Story.Of(run, result);
            lock (summary) Console.WriteLine($"{story}\n");
        });
        var cpu = Environment.CpuUsage.TotalTime.TotalMilliseconds;
        Console.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds:0.0} s ({seeds / watch.Elapsed.TotalSeconds:0} a second, "
            + $"{cpu / seeds:0.0} ms of CPU each): {summary.Failed} failed. {summary}.");
        foreach (var line in summary.Lines()) Console.WriteLine($"  {line}");
        return summary.Failed == 0 ? 0 : 1;
    }
}
