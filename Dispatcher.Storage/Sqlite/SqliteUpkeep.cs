using Microsoft.Data.Sqlite;

namespace Broker.Storage;

/// <summary>Retention by deleting in chunks, each a short transaction, so that turns pass between them.</summary>
internal sealed class SqliteUpkeep(SqliteFolder folder) : IPartitionUpkeep
{
    private const int ChunkRows = 2_000;

    /// <summary>There are no partitions.</summary>
    public Task EnsureAsync(DateOnly today, int daysAhead, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task DropOldAsync(DateOnly today, Retention retention, CancellationToken cancellationToken)
    {
        var succeededFrom = today.AddDays(-retention.SucceededDays);
        var othersFrom = today.AddDays(-retention.OtherDays);
        var moment = new DateTimeOffset(othersFrom, TimeOnly.MinValue, TimeSpan.Zero);
        try
        {
            using var connection = folder.Open();
            using var sql = new SqliteStatements(connection);
            foreach (var (state, from) in new[] { ("succeeded", succeededFrom), ("dead", othersFrom), ("canceled", othersFrom) })
                while (DropTasks(sql, state, from) == ChunkRows)
                    await Yield(cancellationToken);

            foreach (var (table, key) in new[] { ("task_events", "seq"), ("fleet_events", "seq"), ("quarantine", "id") })
                while (sql.Execute($"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} ORDER BY {key} LIMIT {ChunkRows}) AND at < ?1",
                    moment) == ChunkRows)
                    await Yield(cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw folder.Failures.OfCall(exception);
        }
    }

    /// <summary>Rows of finished tasks with payload and result; events go by their own time.</summary>
    private static int DropTasks(SqliteStatements sql, string state, DateOnly from)
    {
        const string old = "SELECT id FROM task_history WHERE state = ?1 AND day < ?2 ORDER BY day, id LIMIT ?3";
        sql.Execute("BEGIN IMMEDIATE");
        sql.Execute($"DELETE FROM task_payloads WHERE id IN ({old})", state, from, ChunkRows);
        sql.Execute($"DELETE FROM task_results WHERE id IN ({old})", state, from, ChunkRows);
        var rows = sql.Execute($"DELETE FROM task_history WHERE id IN ({old})", state, from, ChunkRows);
        sql.Execute("COMMIT");
        return rows;
    }

    private static async ValueTask Yield(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
    }
}
