using Broker.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>The statements of a page: timed and keyed ids of the active table and of the history.</summary>
internal static class PostgresTaskList
{
    private const string KeyedOnly = "id >= 'ff000000-0000-0000-0000-000000000000'";

    public static void Add(NpgsqlBatch batch, TaskFilter filter)
    {
        var finished = filter.States is { Count: > 0 } states ? states.Where(TaskState.IsFinished).Distinct().ToList()
            : [TaskState.Succeeded, TaskState.Dead, TaskState.Canceled];
        if (filter.States is not { Count: > 0 } || filter.States.Any(state => !TaskState.IsFinished(state)))
            AddTable(batch, "tasks", "NULL::timestamptz, NULL::text, NULL::text", "true", filter);
        if (finished.Count == 0) return;

        // Known names only, so they may stand in the text, where they keep whole partitions out of the scan.
        var of = $"state IN ({string.Join(", ", finished.Select(state => $"'{state}'"))})";
        AddTable(batch, "task_history", "finished_at, error_code, error_message", of, filter);
    }

    private static void AddTable(NpgsqlBatch batch, string table, string end, string states, TaskFilter filter)
    {
        var (from, before) = TaskPages.TimedRange(filter);
        Add(batch, table, end, $"id >= $1 AND id < $2 AND {states} AND day >= $3 AND day <= $4", "id DESC", filter, command => command
            .With(from, NpgsqlDbType.Uuid)
            .With(before, NpgsqlDbType.Uuid)
            .With(TaskDay.Of(from) ?? DateOnly.MinValue, NpgsqlDbType.Date)
            .With(TaskDay.Of(before) ?? DateOnly.MaxValue, NpgsqlDbType.Date));

        var (since, below) = TaskPages.KeyedRange(filter);
        Add(batch, table, end, $"{KeyedOnly} AND created_at >= $1 AND created_at <= $2 AND (created_at, id) < ($2, $3) AND {states}",
            "created_at DESC, id DESC", filter, command => command
            .With(since.UtcDateTime, NpgsqlDbType.TimestampTz)
            .With(below.CreatedAt.UtcDateTime, NpgsqlDbType.TimestampTz)
            .With(below.Id, NpgsqlDbType.Uuid)
            .With(0, NpgsqlDbType.Integer));
    }

    /// <summary>Looks at a bounded number of rows in order; tells the last one even if the filter holds it back.</summary>
    private static void Add(
        NpgsqlBatch batch, string table, string end, string range, string order, TaskFilter filter,
        Func<NpgsqlBatchCommand, NpgsqlBatchCommand> addRange)
    {
        var sql = $"""
            SELECT * FROM (
                SELECT {RowReader.TaskColumns}, {end}, NULL::bytea, NULL::bytea, row_number() OVER (ORDER BY {order}) AS place,
                    (cardinality($5::text[]) = 0 OR state = ANY($5)) AND (cardinality($6::text[]) = 0 OR type = ANY($6))
                    AND (cardinality($7::text[]) = 0 OR pool = ANY($7))
                    AND coalesce(cardinality($8::text[]) = 0 OR worker = ANY($8), false) AS hit
                FROM {table} WHERE {range} ORDER BY {order} LIMIT {TaskPages.ScanRows}) rows
            WHERE hit OR place = {TaskPages.ScanRows} ORDER BY {order} LIMIT $9
            """;
        addRange(batch.Statement(sql))
            .Names(filter.States).Names(filter.Types).Names(filter.Pools).Names(filter.Workers)
            .With(filter.Limit + 1, NpgsqlDbType.Integer);
    }

    private static NpgsqlBatchCommand Names(this NpgsqlBatchCommand command, IReadOnlyList<string>? names) =>
        command.With<string[]>([.. names ?? []], NpgsqlDbType.Array | NpgsqlDbType.Text);
}
