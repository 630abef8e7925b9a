using Broker.TestKit;
using Npgsql;

namespace Broker.Chaos;

/// <summary>Writes the scheduler's own view beside the history: what it committed, and what is left in RabbitMQ.</summary>
internal static class Export
{
    private const string TaskColumns = """
        SELECT json_build_object('id', id, 'state', state, 'pool', pool, 'type', type, 'priority', priority, 'seq', seq, 'cost', cost,
            'requires', requires, 'maxAttempts', max_attempts, 'timeout', extract(epoch FROM timeout), 'attempt', attempt,
            'failures', failures, 'losses', losses, 'round', round, 'worker', worker,
            'token', CASE WHEN attempt > 0 THEN token_epoch || '-' || token_number END
        """;

    private static readonly (string File, string Sql)[] Tables =
    [
        (HistoryFolder.TaskEvents,
            "SELECT json_build_object('seq', seq, 'at', at, 'task', task_id, 'transitions', transitions) FROM task_events ORDER BY seq"),
        (HistoryFolder.FleetEvents, """
            SELECT json_build_object('seq', seq, 'at', at, 'kind', kind, 'pool', pool, 'worker', worker, 'reason', reason, 'by', by)
            FROM fleet_events ORDER BY seq
            """),
        (HistoryFolder.Tasks, $"""
            {TaskColumns}) FROM tasks
            UNION ALL
            {TaskColumns}, 'result', convert_from(result, 'UTF8')) FROM task_history
            """),
        (HistoryFolder.Workers, "SELECT record FROM workers ORDER BY id"),
    ];

    public static async Task WriteAsync(string folder, NpgsqlDataSource database, PrivateServers servers)
    {
        foreach (var (file, sql) in Tables) await WriteAsync(Path.Combine(folder, file), database, sql);
        await WriteQueuesAsync(Path.Combine(folder, HistoryFolder.Queues), database, servers);
    }

    private static async Task WriteAsync(string path, NpgsqlDataSource database, string sql)
    {
        await using var file = new StreamWriter(path);
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 60;
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) await file.WriteAsync(row.GetString(0).ReplaceLineEndings(" ") + "\n");
    }

    private static async Task WriteQueuesAsync(string path, NpgsqlDataSource database, PrivateServers servers)
    {
        await using var count = database.CreateCommand("SELECT count(*) FROM quarantine");
        var quarantined = new RecordedQueue(RecordedQueue.Quarantine, (long)(await count.ExecuteScalarAsync())!);
        var output = await servers.RabbitMqCtlAsync("list_queues", "--silent", "--formatter", "json", "name", "messages", "consumers");
        var queues = HistoryJson.Read<List<RecordedQueue>>(output[output.IndexOf('[', StringComparison.Ordinal)..]);

        await using var file = new StreamWriter(path);
        foreach (var queue in queues.Prepend(quarantined))
            await file.WriteAsync(HistoryJson.Write(queue) + "\n");
    }
}
