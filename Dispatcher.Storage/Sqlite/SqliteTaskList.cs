using System.Text.Json;
using Broker.Contracts;

namespace Broker.Storage;

/// <summary>The statements of a page, as <see cref="PostgresTaskList"/> has them.</summary>
internal static class SqliteTaskList
{
    private const string KeyedOnly = "id >= x'ff000000000000000000000000000000'";

    public static IEnumerable<(string Sql, object?[] Values)> Statements(TaskFilter filter)
    {
        var finished = filter.States is { Count: > 0 } states ? states.Where(TaskState.IsFinished).Distinct().ToList()
            : [TaskState.Succeeded, TaskState.Dead, TaskState.Canceled];
        if (filter.States is not { Count: > 0 } || filter.States.Any(state => !TaskState.IsFinished(state)))
        {
            yield return Timed("tasks", "NULL, NULL, NULL", "1", filter);
            yield return Keyed("tasks", "NULL, NULL, NULL", "1", filter);
        }
        if (finished.Count == 0) yield break;

        var of = finished.Contains(TaskState.Succeeded) ? "1" : "state <> 'succeeded'";
        yield return Timed("task_history", "finished_at, error_code, error_message", of, filter);
        yield return Keyed("task_history", "finished_at, error_code, error_message", of, filter);
    }

    private static (string Sql, object?[] Values) Timed(string table, string end, string states, TaskFilter filter)
    {
        var (from, before) = TaskPages.TimedRange(filter);
        return Make(table, end, $"id >= ?1 AND id < ?2 AND ?3 IS NULL AND {states}", "id DESC", filter, [from, before, null]);
    }

    private static (string Sql, object?[] Values) Keyed(string table, string end, string states, TaskFilter filter)
    {
        var (from, before) = TaskPages.KeyedRange(filter);
        return Make(table, end, $"{KeyedOnly} AND created_at >= ?1 AND (created_at, id) < (?2, ?3) AND {states}",
            "created_at DESC, id DESC", filter, [from, before.CreatedAt, before.Id]);
    }

    private static (string Sql, object?[] Values) Make(
        string table, string end, string range, string order, TaskFilter filter, object?[] bounds)
    {
        var sql = $"""
            SELECT * FROM (
                SELECT {RowReader.TaskColumns}, {end}, NULL, NULL, row_number() OVER (ORDER BY {order}) AS place,
                    (?4 IS NULL OR state IN (SELECT value FROM json_each(?4)))
                    AND (?5 IS NULL OR type IN (SELECT value FROM json_each(?5)))
                    AND (?6 IS NULL OR pool IN (SELECT value FROM json_each(?6)))
                    AND coalesce(?7 IS NULL OR worker IN (SELECT value FROM json_each(?7)), 0) AS hit
                FROM {table} WHERE {range} ORDER BY {order} LIMIT {TaskPages.ScanRows})
            WHERE hit OR place = {TaskPages.ScanRows} ORDER BY {order} LIMIT ?8
            """;
        return (sql, [.. bounds, Names(filter.States), Names(filter.Types), Names(filter.Pools), Names(filter.Workers), filter.Limit + 1]);
    }

    private static string? Names(IReadOnlyList<string>? names) => names is not { Count: > 0 } ? null
        : JsonSerializer.Serialize(names, StorageJson.Default.IReadOnlyListString);
}
