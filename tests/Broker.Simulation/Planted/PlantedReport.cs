namespace Broker.Simulation;

/// <summary>How many seeds it takes to find a mistake made on purpose.</summary>
internal static class PlantedReport
{
    /// <summary>Runs seeds from 1 on until one breaks a rule. Null: none did.</summary>
    public static RunResult? Find(PlantedBug planted, RunOptions options, int seeds)
    {
        for (var seed = 1; seed <= seeds; seed++)
            if (new SimulationRun(options with { Seed = seed, Planted = planted }).Run() is { Violation: not null } found) return found;
        return null;
    }

    public static int Print(IReadOnlyList<PlantedBug> bugs, RunOptions options, int seeds)
    {
        var found = new RunResult?[bugs.Count];
        Cores.ForEach(0, bugs.Count, i => found[i] = Find(bugs[i], options, seeds));
        for (var i = 0; i < bugs.Count; i++)
            Console.WriteLine(found[i] is { Violation: { } violation } result
                ? $"{bugs[i],-28} found by seed {result.Options.Seed,4} as {violation.Rule}: {violation.What}"
                : $"{bugs[i],-28} not found in {seeds} seeds");
        return found.Contains(null) ? 1 : 0;
    }
}
