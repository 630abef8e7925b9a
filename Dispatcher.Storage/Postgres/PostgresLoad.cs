using System.Data;
using System.Text.Json;
using Broker.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>Reads everything active at one moment.</summary>
internal static class PostgresLoad
{
    private const string Settings =
        "SET TRANSACTION READ ONLY; SET LOCAL enable_seqscan = on; SET LOCAL statement_timeout = '5min'";

    public static async ValueTask<LoadedState> RunAsync(
        NpgsqlDataSource source, int shard, int epoch, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using (var settings = new NpgsqlCommand(Settings, connection))
            await settings.ExecuteNonQueryAsync(cancellationToken);

        await using var batch = new NpgsqlBatch(connection) { Timeout = 300 };
        batch.Statement(LeaderStatements.Load).With(shard, NpgsqlDbType.Integer);
        batch.Statement("SELECT record FROM workers ORDER BY id");
        batch.Statement("SELECT settings FROM pools ORDER BY name");
        batch.Statement($"SELECT {RowReader.TaskColumns} FROM tasks");
        batch.Statement(LeaderStatements.NewestFinished);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);

        await row.ReadAsync(cancellationToken);
        if (row.GetInt32(0) != epoch)
            throw new StaleEpochException($"Epoch {epoch} is over: the database is at epoch {row.GetInt32(0)}.");
        var totals = JsonSerializer.Deserialize(row.GetString(1), StorageJson.Default.CounterSnapshot)!;

        var workers = new List<WorkerRecord>();
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            workers.Add(JsonSerializer.Deserialize(row.GetString(0), StorageDocuments.Worker)!);

        var pools = new List<PoolSettings>();
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            pools.Add(JsonSerializer.Deserialize(row.GetString(0), StorageDocuments.Pool)!);

        var tasks = new List<TaskRecord>();
        var classes = new TaskClasses();
        await row.NextResultAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) tasks.Add(PostgresRows.Instance.Task(row, classes));

        await row.NextResultAsync(cancellationToken);
        var newest = await row.ReadAsync(cancellationToken) ? row.GetGuid(0) : Guid.Empty;
        return new LoadedState(tasks, workers, pools, totals, newest);
    }
}
