using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>Workers for people.</summary>
internal static class WorkerTables
{
    private const int ShownTasks = 20;

    public static IRenderable One(WorkerInfo worker, DateTimeOffset now) => Columns.Fields()
        .Field("id", worker.Id)
        .Field("pool", worker.Pool)
        .Field("liveness", Cells.State(worker.Liveness))
        .Field("role", Role(worker))
        .Field("admission", Cells.State(worker.Admission))
        .Field("reason", worker.Reason)
        .Field("drained by", worker.DrainDeadline is null ? null : Cells.Of(worker.DrainDeadline))
        .Field("slots", worker.SlotsUsed is { } used ? $"{used} of {worker.Slots} used" : $"{worker.Slots}")
        .Field("transport", $"{worker.Transport}, up to {worker.MaxBatch ?? 1} in a message")
        .Field("types", worker.Types is { } types ? string.Join(' ', types) : "everything")
        .Field("labels", worker.Labels is { Count: > 0 } ? Cells.Of(worker.Labels) : null)
        .Field("version", worker.Version)
        .Field("registered", Cells.Of(worker.RegisteredAt))
        .Field("last beat", worker.LastBeatAt is null ? null : new Text($"{Cells.AgeOf(worker.LastBeatAt, now)} ago"))
        .Field("tasks", Tasks(worker));

    public static IRenderable Many(Page<WorkerInfo> page, DateTimeOffset now)
    {
        var table = Columns.List("ID", "POOL", "LIVENESS", "ROLE", "ADMISSION", "USED", "LOAD", "BEAT", "REASON");
        foreach (var worker in page.Items)
            table.AddRow(
                Cells.Of(worker.Id), Cells.Of(worker.Pool), Cells.State(worker.Liveness), Cells.Of(Role(worker)),
                Cells.State(worker.Admission), Cells.Of($"{worker.SlotsUsed?.ToString() ?? "?"}/{worker.Slots}"),
                Cells.Percent(worker.Load), Cells.Age(worker.LastBeatAt, now), Cells.Of(worker.Reason));
        return table.WithCursor(page.NextCursor);
    }

    private static string Role(WorkerInfo worker) => worker.Activated ? "reserve+" : worker.Role;

    private static string? Tasks(WorkerInfo worker)
    {
        if (worker.Tasks is not { Count: > 0 } tasks) return null;

        var text = string.Join(' ', tasks.Take(ShownTasks).Select(held => $"{held.Task}#{held.Attempt}"));
        return tasks.Count > ShownTasks ? $"{text} and {tasks.Count - ShownTasks} more" : text;
    }
}
