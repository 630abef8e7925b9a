namespace Broker.Chaos;

/// <summary>What clients were told: S1 nothing accepted is lost, S4 one task per key; S3, S7 what the API showed is what became of it.</summary>
internal static class ClientRules
{
    public static void Check(World world)
    {
        var submits = world.Submits;
        foreach (var id in submits.Accepted)
            if (world.RowOf(id) is null) world.Findings.Add("S1", $"task {id} was accepted, but is nowhere", id);
        foreach (var row in world.History.Tasks)
            if (row.State is not ("succeeded" or "dead" or "canceled"))
                world.Findings.Add("S1", $"task {row.Id} did not end: it is {row.State}", row.Id, row.Worker);
        foreach (var id in submits.Refused)
            if (world.RowOf(id) is not null) world.Findings.Add("S1", $"task {id} was refused, but is recorded", id);
        if (submits.Unclaimed > submits.Unknown)
            world.Findings.Add("S1", $"{submits.Unclaimed} tasks are recorded that no client was told of, but only {submits.Unknown} submits had no answer");

        foreach (var (key, ids) in submits.IdsByKey.Where(pair => pair.Value.Count > 1))
            world.Findings.Add("S4", $"key {key} was answered with {ids.Count} tasks: {string.Join(", ", ids)}", ids.First());
        foreach (var line in world.History.Lines.Where(line => line is { Op: HistoryOp.Get, Task: not null })) CheckGet(world, line);
    }

    private static void CheckGet(World world, HistoryLine get)
    {
        var id = get.Task!.Value;
        if (get.Phase == HistoryPhase.Fail && world.Submits.Accepted.Contains(id)) world.Findings.Add("S1", $"task {id} was accepted, but the API knows nothing of it", id);
        if (get.Phase != HistoryPhase.Ok || get.State is not ("succeeded" or "dead" or "canceled")) return;

        if (!world.Tasks.TryGetValue(id, out var task) || !task.Ends.Contains(get.State))
            world.Findings.Add("S3", $"the API showed task {id} as {get.State}, which it never was", id);
        else if (get.State == "succeeded" && task.Row is { } row && get.Result != row.Result)
            world.Findings.Add("S7", $"the API showed {get.Result} as result of {task}, but {row.Result} is stored", id);
    }
}
