using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Broker.Storage;

/// <summary>The schema on PostgreSQL: the first of the connection string's search path, made if missing.</summary>
internal sealed class PostgresMigrator : ISchema
{
    private const int LockSeconds = 2;

    private readonly string _connectionString;
    private readonly string _schema;
    private readonly DbContextOptions<PostgresContext> _options;

    public PostgresMigrator(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 5, CommandTimeout = 300, Pooling = false };
        _connectionString = builder.ConnectionString;
        _schema = builder.SearchPath?.Split(',')[0].Trim(' ', '"') is { Length: > 0 } first ? first : "public";
        // What waits for a lock makes turns wait behind it.
        builder.Options = $"{builder.Options} -c lock_timeout={LockSeconds}s".Trim();
        _options = new DbContextOptionsBuilder<PostgresContext>()
            .UseNpgsql(builder.ConnectionString, npgsql => npgsql.MigrationsHistoryTable("schema_migrations", _schema))
            .UseSnakeCaseNamingConvention()
            .Options;
    }

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            await using var prepare = new NpgsqlCommand(
                $"SELECT pg_advisory_lock(hashtext('broker migrate')); CREATE SCHEMA IF NOT EXISTS {Quoted(_schema)}", connection);
            // Two at once: the second waits here and then finds nothing to do. Closing the connection ends the lock.
            await prepare.ExecuteNonQueryAsync(cancellationToken);

            await using var context = new PostgresContext(_options);
            await MigrationCheck.RefuseLaterAsync(context, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
            await using var upkeep = new PostgresUpkeep(_connectionString);
            await upkeep.EnsureAsync(await upkeep.TodayAsync(cancellationToken), PostgresUpkeep.DefaultDaysAhead, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new InvalidOperationException(
                $"Something kept the tables locked for {LockSeconds} s. Run `broker migrate` again; it goes on where it stopped.", exception);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = new PostgresContext(_options);
            return await MigrationCheck.RunAsync(context, cancellationToken);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }

    private static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
