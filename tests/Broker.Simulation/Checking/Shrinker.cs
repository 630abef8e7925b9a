namespace Broker.Simulation;

/// <summary>Finds a smaller run that breaks the same rule: leaves out kinds of trouble, tasks, and one scheduled fault after another.</summary>
internal static class Shrinker
{
    /// <summary>Runs it may take; one takes milliseconds.</summary>
    private const int RunLimit = 300;

    public static SimulationRun Shrink(SimulationRun failed, RunResult result)
    {
        var (smallest, options) = (failed, result.Options);
        for (var left = RunLimit; left > 0;)
        {
            if (Smaller(options, smallest).FirstOrDefault(IsEnough) is not { } next) break;

            (options, smallest) = (next, Failing(next)!);

            bool IsEnough(RunOptions candidate) => left-- > 0 && Failing(candidate) is not null;
        }
        return smallest;

        SimulationRun? Failing(RunOptions candidate)
        {
            var run = new SimulationRun(candidate);
            return run.Run().Violation?.Rule == result.Violation!.Rule ? run : null;
        }
    }

    /// <summary>The largest steps first.</summary>
    private static IEnumerable<RunOptions> Smaller(RunOptions options, SimulationRun run)
    {
        int[] left = [.. run.Schedule.Select(fault => fault.Number).Except(options.Without)];
        if (left.Length > 1)
        {
            yield return options with { Without = options.Without.Union(left) };
            yield return options with { Without = options.Without.Union(left[..(left.Length / 2)]) };
            yield return options with { Without = options.Without.Union(left[(left.Length / 2)..]) };
        }
        foreach (var trouble in new[] { Trouble.Store, Trouble.Network, Trouble.People })
            if (!options.Spared.HasFlag(trouble)) yield return options with { Spared = options.Spared | trouble };
        if (run.Shape.Tasks > 1)
        {
            yield return options with { Tasks = run.Shape.Tasks / 2 };
            yield return options with { Tasks = run.Shape.Tasks - 1 };
        }
        if (run.Shape.Workers > 1) yield return options with { Workers = run.Shape.Workers / 2 };
        foreach (var number in left) yield return options with { Without = options.Without.Add(number) };
    }
}
