namespace Broker.Chaos;

/// <summary>What is stored is what the events make: S2 conservation, S7 the result is the winning attempt's.</summary>
internal static class RowRules
{
    public static void Check(World world)
    {
        var seen = new HashSet<Guid>();
        foreach (var row in world.History.Tasks)
        {
            if (!seen.Add(row.Id)) world.Findings.Add("S2", $"task {row.Id} is stored twice", row.Id);
            else if (!world.Tasks.TryGetValue(row.Id, out var task)) world.Findings.Add("S2", $"task {row.Id} is stored, but nothing happened to it", row.Id);
            else Compare(world, row, task);
        }

        foreach (var task in world.Tasks.Values.Where(task => !seen.Contains(task.Id) && !world.Submits.Accepted.Contains(task.Id)))
            world.Findings.Add("S2", $"{task} happened, but is not stored", task.Id);
    }

    private static void Compare(World world, RecordedTask row, ReplayedTask task)
    {
        var stored = (row.State, row.Attempt, row.Worker, row.Failures, row.Losses, row.Round);
        var replayed = (task.State, task.Attempt, task.Worker, task.Failures, task.Losses, task.Round);
        if (stored != replayed) world.Findings.Add("S2", $"the row of {task} says {stored}, its events say {replayed}", row.Id, row.Worker);
        if (row.Token is not null && Executions.Read(row.Token)?.Number != task.Offer)
            world.Findings.Add("S2", $"the row of {task} has token {row.Token}, its last offer was {task.Offer}", row.Id, row.Worker);
        if (task.State == "succeeded") CheckResult(world, row, task);
        else if (row.Result is not null) world.Findings.Add("S7", $"{task} has a result: {row.Result}", row.Id, row.Worker);
    }

    private static void CheckResult(World world, RecordedTask row, ReplayedTask task)
    {
        var made = world.Executions.EndsOf(task.Offer).Where(line => line.Phase == HistoryPhase.Ok && line.Worker == task.Worker).ToList();

        // An execution that nobody wrote down is BotRules' matter.
        if (made.Count > 0 && !made.Exists(line => line.Result == row.Result))
            world.Findings.Add("S7", $"the result of {task} is {row.Result}, but {task.Worker} made {made[0].Result}", row.Id, task.Worker);
    }
}
