namespace Broker.Simulation;

/// <summary>What a person needs to understand a failure, and to see it again.</summary>
internal static class Story
{
    public static string Of(SimulationRun run, RunResult result, CrashPoint? point, int? workers = null, double? agents = null)
    {
        var violation = result.Violation!;
        var options = (point is null ? "" : $" --crash {point}") + (workers is null ? "" : $" --workers {workers}")
            + (agents is null ? "" : FormattableString.Invariant($" --agents {agents}"));
        return $"""
            Seed {result.Seed} breaks {violation.Rule}: {violation.What}
            What led to it:
            {run.Journal.Recent(violation.Task, violation.Worker, 60)}
            Again: scripts/simulate --seed {result.Seed}{options}
            """;
    }
}
