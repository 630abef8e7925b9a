using System.Globalization;
using Npgsql;

namespace Broker.Storage;

/// <summary>Partitions by day. Names end in the day as <c>20261123</c>.</summary>
/// <remarks>Dropping locks the parent for a moment; a turn in the way makes the upkeep give up, not the other way round.</remarks>
internal sealed class PostgresUpkeep(string connectionString) : IPartitionUpkeep, IAsyncDisposable
{
    public const int DefaultDaysAhead = 7;

    private const int ChunkRows = 10_000;
    private const string NotActive = "NOT EXISTS (SELECT FROM tasks t WHERE t.id = rows.id)";
    private static readonly string[] Tables = ["task_history", "task_payloads", "task_events"];

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Timeout = 5,
        CommandTimeout = 120,
        MaxPoolSize = 1,
    });

    public async Task EnsureAsync(DateOnly today, int daysAhead, CancellationToken cancellationToken)
    {
        try
        {
            var present = (await ListAsync(cancellationToken)).ToHashSet();
            for (var day = today.AddDays(-1); day <= today.AddDays(daysAhead); day = day.AddDays(1))
                foreach (var table in Tables)
                    if (!present.Contains((table, day)))
                        await ExecuteAsync(Make(table, day), cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }

    public async Task DropOldAsync(DateOnly today, Retention retention, CancellationToken cancellationToken)
    {
        var succeededFrom = today.AddDays(-retention.SucceededDays);
        var othersFrom = today.AddDays(-retention.OtherDays);
        try
        {
            foreach (var (table, day) in await ListAsync(cancellationToken))
                if (day < othersFrom)
                    await ExecuteAsync(Drop(table, day), cancellationToken);
                else if (day < succeededFrom && table == "task_history")
                    await ExecuteAsync(DropSucceeded(day), cancellationToken);

            await DeleteAsync("task_history_default", $"day < '{Iso(succeededFrom)}' AND state = 'succeeded'", cancellationToken);
            await DeleteAsync("task_history_default", $"day < '{Iso(othersFrom)}'", cancellationToken);
            await DeleteAsync("task_payloads_default", $"day < '{Iso(othersFrom)}' AND {NotActive}", cancellationToken);
            await DeleteAsync("task_events_default", $"day < '{Iso(othersFrom)}'", cancellationToken);
            await DeleteAsync("fleet_events", $"at < '{Iso(othersFrom)}Z'", cancellationToken);
            await DeleteAsync("quarantine", $"at < '{Iso(othersFrom)}Z'", cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }

    /// <summary>The database's day, UTC.</summary>
    public async Task<DateOnly> TodayAsync(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return row.GetFieldValue<DateOnly>(0);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>Days that exist, oldest first, each table's history before what belongs to it.</summary>
    private async Task<List<(string Table, DateOnly Day)>> ListAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT p.relname, c.relname FROM pg_inherits i
            JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
            WHERE p.relnamespace = current_schema()::regnamespace AND p.relname = ANY($1)
            ORDER BY right(c.relname, 8), array_position($1, p.relname::text)
            """;
        await using var command = _source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Tables });
        var found = new List<(string, DateOnly)>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            if (DateOnly.TryParseExact(row.GetString(1)[^8..], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                found.Add((row.GetString(0), day));
        return found;
    }

    /// <summary>Attached rather than made in place: that locks the parent less. Rows that came early move in.</summary>
    /// <remarks>A turn must not be between choosing the default partition for a row and writing it there: it would be refused
    /// as a value that breaks a rule. So writers wait at the parent, readers do not.</remarks>
    private static string Make(string table, DateOnly day)
    {
        var name = Name(table, day);
        var history = table == "task_history";
        return $"""
            CREATE TABLE {name} (LIKE {table} INCLUDING ALL) {(history ? "PARTITION BY LIST (state)" : "")};
            {(history ? $"CREATE TABLE {name}_succeeded PARTITION OF {name} FOR VALUES IN ('succeeded');" : "")}
            {(history ? $"CREATE TABLE {name}_others PARTITION OF {name} DEFAULT;" : "")}
            LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE;
            LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE;
            WITH early AS (DELETE FROM {table}_default WHERE day = '{Iso(day)}' RETURNING *)
            INSERT INTO {name} SELECT * FROM early;
            ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ('{Iso(day)}') TO ('{Iso(day.AddDays(1))}');
            """;
    }

    /// <summary>Payloads of tasks still active move to the default partition, where lookups by day find them.</summary>
    private static string Drop(string table, DateOnly day)
    {
        var name = Name(table, day);
        var keep = table != "task_payloads" ? "" : $"INSERT INTO {table} SELECT p.* FROM {name} p JOIN tasks t ON t.id = p.id;";
        return $"""
            ALTER TABLE {table} DETACH PARTITION {name};
            {keep}
            DROP TABLE {name};
            """;
    }

    private static string DropSucceeded(DateOnly day) =>
        $"DROP TABLE IF EXISTS {Name("task_history", day)}_succeeded";

    private async Task DeleteAsync(string table, string condition, CancellationToken cancellationToken)
    {
        var sql = $"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} rows WHERE {condition} LIMIT {ChunkRows}))";
        while (await ExecuteAsync(sql, cancellationToken) == ChunkRows)
        {
        }
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var limit = new NpgsqlCommand("SET LOCAL lock_timeout = '2s'", connection);
        await limit.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        var rows = await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return rows;
    }

    private static string Name(string table, DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{table}_{day:yyyyMMdd}");

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
