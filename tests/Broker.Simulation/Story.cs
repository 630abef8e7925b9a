namespace Broker.Simulation;

/// <summary>What a person needs to understand a failure, and to see it again.</summary>
internal static class Story
{
    private const int LineLimit = 60;

    /// <summary>Of the smallest run found that breaks the same rule.</summary>
    public static string Of(SimulationRun run, RunResult result)
    {
        var smallest = Shrinker.Shrink(run, result);
        // A run goes once; this one tells of itself.
        var again = smallest == run ? result : (smallest = new SimulationRun(smallest.Options)).Run();
        var violation = again.Violation!;
        return $"""
            Seed {result.Options.Seed} breaks {result.Violation!.Rule}: {result.Violation.What}
            The smallest run found that does: {smallest.Shape.Tasks} tasks, {smallest.Shape.Workers} workers, {smallest.Shape.Schedulers} schedulers
            {violation.Rule}: {violation.What}
            Faults: {string.Join("; ", smallest.Schedule.Where(fault => !smallest.Options.Without.Contains(fault.Number)))}
            What led to it:
            {smallest.Journal.Recent(violation.Task, violation.Worker, LineLimit)}
            Again: {smallest.Options}
            All of it: {result.Options}
            """;
    }
}
