using System.Text;
using Broker.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>Tasks for people.</summary>
internal static class TaskTables
{
    private const int ShownBytes = 2_000;

    public static IRenderable One(TaskInfo task) => Columns.Fields()
        .Field("id", task.Id.ToString())
        .Field("state", Cells.State(task.State))
        .Field("type", task.Type)
        .Field("pool", task.Pool)
        .Field("priority", Cells.Of(task.Priority))
        .Field("cost", Cells.Of(task.Cost))
        .Field("requires", task.Requires is { Count: > 0 } ? string.Join(' ', task.Requires.Select(label => $"{label.Key}={label.Value}")) : null)
        .Field("attempts", Attempts(task))
        .Field("timeout", task.Timeout)
        .Field("worker", task.Worker)
        .Field("created", Cells.Of(task.CreatedAt))
        .Field("started", Cells.Of(task.StartedAt))
        .Field("finished", Cells.Of(task.FinishedAt))
        .Field("retry at", task.RetryAt is null ? null : Cells.Of(task.RetryAt))
        .Field("payload", Json(task.Payload))
        .Field("result", Json(task.Result))
        .Field("error", task.Error is { } error ? $"{error.Code}: {error.Message}" : null);

    public static IRenderable Many(Page<TaskInfo> page, DateTimeOffset now)
    {
        var table = Columns.List("ID", "STATE", "TYPE", "PRI", "POOL", "TRY", "WORKER", "AGE");
        foreach (var task in page.Items)
            table.AddRow(
                new Text(task.Id.ToString()), Cells.State(task.State), Cells.Of(task.Type), Cells.Of(task.Priority),
                Cells.Of(task.Pool), Cells.Of(task.Attempts), Cells.Of(task.Worker), Cells.Age(task.CreatedAt, now));
        return table.WithCursor(page.NextCursor);
    }

    public static IRenderable Events(Page<TaskEventInfo> page)
    {
        var table = Columns.List("AT", "EVENT", "STATE", "TRY", "WORKER", "BY", "REASON");
        foreach (var step in page.Items)
            table.AddRow(
                Cells.Of(step.At), Cells.Of(step.Outcome is null ? step.Event : $"{step.Event} {step.Outcome}"), Cells.State(step.To),
                Cells.Of(step.Attempt), Cells.Of(step.Worker), Cells.Of(step.By), Cells.Of(step.Reason));
        return table;
    }

    public static IRenderable Explanation(ExplainInfo explained)
    {
        var fields = Columns.Fields().Field("state", Cells.State(explained.State));
        foreach (var reason in explained.Reasons)
        {
            fields.Field(Cells.Clean(reason.Code), reason.Detail ?? "");
            foreach (var (what, count) in reason.Missing ?? []) fields.Field("", $"{count} lacked {what}");
        }
        return explained.Placement is not { } placement ? fields : fields.Field("placement",
            $"attempt {placement.Attempt} went to {placement.Worker}, whose load was {placement.Load:P0}, the lowest of "
            + $"{placement.Eligible} eligible with room");
    }

    private static Text Attempts(TaskInfo task) => new Text(
        $"{task.Attempts ?? 0}, {task.Failures ?? 0} failed, {task.Losses ?? 0} lost"
        + (task.MaxAttempts is { } limit ? $"; {limit} may fail" : ""));

    private static string? Json(RawJson? json)
    {
        if (json is not { IsEmpty: false } value) return null;

        var text = Encoding.UTF8.GetString(value.Utf8.Span[..Math.Min(value.Utf8.Length, ShownBytes)]);
        return value.Utf8.Length > ShownBytes ? $"{text}… ({value.Utf8.Length} bytes; -o json shows all)" : text;
    }
}
