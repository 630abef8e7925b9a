using Npgsql;

namespace Broker.Storage;

/// <summary>Connections to PostgreSQL with everything bounded in time, set up for what they do.</summary>
internal static class PostgresSources
{
    private const int OpenSeconds = 5;

    /// <summary>For the scheduler: plans that never scan, made once; a turn must not wait longer than its lease.</summary>
    /// <remarks>The planner guesses badly about a table that grows from nothing to millions. Every statement here has one
    /// right plan, by key, so the others are switched off and plans are kept.</remarks>
    private const string SchedulerSettings = """
        SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
        SET plan_cache_mode = force_generic_plan; SET synchronous_commit = on;
        SET lock_timeout = '4s'; SET statement_timeout = '8s'; SET TimeZone = 'UTC'
        """;

    /// <summary>For readers: pruned by the values at hand.</summary>
    private const string ReaderSettings = """
        SET plan_cache_mode = force_custom_plan; SET jit = off; SET default_transaction_read_only = on;
        SET lock_timeout = '4s'; SET statement_timeout = '20s'; SET TimeZone = 'UTC'
        """;

    public static NpgsqlDataSource Scheduler(string connectionString) => Build(connectionString, SchedulerSettings, 9);

    public static NpgsqlDataSource Reader(string connectionString) => Build(connectionString, ReaderSettings, 25);

    private static NpgsqlDataSource Build(string connectionString, string settings, int seconds)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        var connection = builder.ConnectionStringBuilder;
        connection.Timeout = OpenSeconds;
        connection.CommandTimeout = seconds;
        connection.CancellationTimeout = 1_000;
        connection.TcpKeepAlive = true;
        connection.KeepAlive = 10;
        connection.MaxAutoPrepare = 64;
        connection.AutoPrepareMinUsages = 2;
        // The settings belong to the connection, not to one use of it.
        connection.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            opened => Apply(opened, settings), opened => ApplyAsync(opened, settings));
        return builder.Build();
    }

    private static void Apply(NpgsqlConnection connection, string settings)
    {
        using var command = new NpgsqlCommand(settings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string settings)
    {
        await using var command = new NpgsqlCommand(settings, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
