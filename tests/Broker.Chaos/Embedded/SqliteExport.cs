using Microsoft.Data.Sqlite;

namespace Broker.Chaos;

/// <summary>As <see cref="Export"/>, from the database of <c>broker dev</c> after it has stopped.</summary>
internal static class SqliteExport
{
    private const string TaskColumns = """
        SELECT t.id, state, pool, type, priority, seq, cost, max_attempts, timeout, attempt, failures, losses, round, worker,
            token_epoch || '-' || token_number, CAST(result AS TEXT)
        """;

    public static async Task WriteAsync(string folder, string data)
    {
        await using var database = new SqliteConnection($"Data Source={Path.Combine(data, "broker.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await WriteAsync(database, folder, HistoryFolder.TaskEvents, "SELECT seq, at, task_id, transitions FROM task_events ORDER BY seq",
            row => new RecordedTaskEvent(row.GetInt64(0), Moment(row, 1), Id(row, 2), HistoryJson.Read<List<RecordedStep>>(row.GetString(3))));
        await WriteAsync(database, folder, HistoryFolder.FleetEvents, "SELECT seq, at, kind, pool, worker, reason, by FROM fleet_events ORDER BY seq",
            row => new RecordedFleetEvent(
                row.GetInt64(0), Moment(row, 1), row.GetString(2), row.GetString(3), Text(row, 4), Text(row, 5), Text(row, 6)));
        await WriteAsync(database, folder, HistoryFolder.Tasks, $"""
            {TaskColumns} FROM tasks t LEFT JOIN task_results USING (id)
            UNION ALL {TaskColumns} FROM task_history t LEFT JOIN task_results USING (id)
            """, TaskOf);
        await WriteAsync(database, folder, HistoryFolder.Workers, "SELECT record FROM workers ORDER BY id",
            row => HistoryJson.Read<RecordedWorker>(row.GetString(0)));
        await WriteAsync(database, folder, HistoryFolder.Queues, "SELECT count(*) FROM quarantine",
            row => new RecordedQueue(RecordedQueue.Quarantine, row.GetInt64(0)));
    }

    private static async Task WriteAsync<T>(SqliteConnection database, string folder, string file, string sql, Func<SqliteDataReader, T> read)
    {
        await using var lines = new StreamWriter(Path.Combine(folder, file));
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) await lines.WriteAsync(HistoryJson.Write(read(row)) + "\n");
    }

    private static RecordedTask TaskOf(SqliteDataReader row) => new()
    {
        Id = Id(row, 0),
        State = row.GetString(1),
        Pool = row.GetString(2),
        Type = row.GetString(3),
        Priority = row.GetInt32(4),
        Seq = row.GetInt64(5),
        Cost = row.GetInt32(6),
        MaxAttempts = row.GetInt32(7),
        Timeout = TimeSpan.FromTicks(row.GetInt64(8)).TotalSeconds,
        Attempt = row.GetInt32(9),
        Failures = row.GetInt32(10),
        Losses = row.GetInt32(11),
        Round = row.GetInt32(12),
        Worker = Text(row, 13),
        Token = row.GetInt32(9) > 0 ? row.GetString(14) : null,
        Result = Text(row, 15),
    };

    private static Guid Id(SqliteDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    private static DateTimeOffset Moment(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
