using Npgsql;

namespace Broker.Storage;

/// <summary>The events in PostgreSQL. Reading by <c>seq</c> uses the BRIN index: rows lie in the order they were written.</summary>
internal sealed class PostgresEventLog(string connectionString) : IEventLog, IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Timeout = 5,
        CommandTimeout = 20,
        MaxPoolSize = 2,
    });

    public async ValueTask<long> ReadCursorAsync(string relay, CancellationToken cancellationToken) => await TryAsync(async () =>
    {
        await using var command = _source.CreateCommand("SELECT seq FROM relay_cursors WHERE relay = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = relay });
        return (long?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }, cancellationToken);

    public async ValueTask<EventPage> ReadAsync(long after, int limit, bool withTasks, CancellationToken cancellationToken) => await TryAsync(async () =>
    {
        var fleet = await ReadAsync("SELECT seq, at, kind, pool, worker, reason, by FROM fleet_events WHERE seq > $1 ORDER BY seq LIMIT $2",
            after, limit, row => new FleetEventRecord(row.GetInt64(0), PostgresRows.Instance.Moment(row, 1), row.GetString(2), row.GetString(3),
                RowReader.Text(row, 4), RowReader.Text(row, 5), RowReader.Text(row, 6)), cancellationToken);
        var tasks = withTasks
            ? await ReadAsync("SELECT seq, at, transitions, task_id FROM task_events WHERE seq > $1 ORDER BY seq LIMIT $2",
                after, limit, row => PostgresRows.Instance.Event(row, row.GetGuid(3)), cancellationToken)
            : [];

        // A full list may have more behind it: the page ends where the shorter one is complete.
        var last = Math.Min(EndOf(fleet.Count, limit, fleet.LastOrDefault()?.Seq), EndOf(tasks.Count, limit, tasks.LastOrDefault()?.Seq));
        if (last == long.MaxValue) last = Math.Max(fleet.LastOrDefault()?.Seq ?? after, tasks.LastOrDefault()?.Seq ?? after);
        return new EventPage([.. tasks.Where(entry => entry.Seq <= last)], [.. fleet.Where(entry => entry.Seq <= last)], last);
    }, cancellationToken);

    public async ValueTask SaveCursorAsync(string relay, long seq, CancellationToken cancellationToken) => await TryAsync(async () =>
    {
        await using var command = _source.CreateCommand(
            "INSERT INTO relay_cursors (relay, seq) VALUES ($1, $2) ON CONFLICT (relay) DO UPDATE SET seq = greatest(relay_cursors.seq, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = relay });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = seq });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static long EndOf(int count, int limit, long? last) => count == limit ? last!.Value : long.MaxValue;

    private async Task<List<T>> ReadAsync<T>(
        string sql, long after, int limit, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<T>();
        while (await row.ReadAsync(cancellationToken)) items.Add(read(row));
        return items;
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }
}
