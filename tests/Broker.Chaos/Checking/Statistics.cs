namespace Broker.Chaos;

/// <summary>Counts what happened.</summary>
internal static class Statistics
{
    public static CheckStatistics Of(World world)
    {
        var history = world.History;
        var submits = world.Submits;
        var executions = world.Executions.Begins.Where(line => line.Task is not null).CountBy(line => line.Task!.Value).ToDictionary();
        var steps = history.TaskEvents.SelectMany(row => row.Transitions).ToList();
        return new CheckStatistics
        {
            Tasks = history.Tasks.Count,
            States = history.Tasks.CountBy(row => row.State).ToDictionary(),
            Executions = history.Tasks.CountBy(row => executions.GetValueOrDefault(row.Id)).OrderBy(pair => pair.Key).ToDictionary(),
            ExecutionsPerTask = history.Tasks.Count == 0 ? 0 : (double)executions.Values.Sum() / history.Tasks.Count,
            Outcomes = steps.Where(step => step.Outcome is not null).CountBy(step => step.Outcome!).ToDictionary(),
            SupersededReports = steps.Count(step => step.Event == "superseded"),
            AcceptedSubmits = submits.Accepted.Count,
            UnknownTaken = Math.Min(submits.Unclaimed, submits.Unknown),
            UnknownNotTaken = Math.Max(0, submits.Unknown - submits.Unclaimed),
            Faults = history.Lines.Where(line => line is { Op: HistoryOp.Fault, Phase: HistoryPhase.Ok, Fault: not null })
                .CountBy(line => line.Fault!).ToDictionary(),
            TornLines = history.TornLines,
        };
    }
}
