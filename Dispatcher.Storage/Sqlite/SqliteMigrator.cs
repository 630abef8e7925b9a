using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

/// <summary>The schema in the data folder.</summary>
internal sealed class SqliteMigrator(SqliteFolder folder) : ISchema
{
    private readonly DbContextOptions<SqliteContext> _options = new DbContextOptionsBuilder<SqliteContext>()
        .UseSqlite(folder.ConnectionString, sqlite => sqlite.MigrationsHistoryTable("schema_migrations"))
        .UseSnakeCaseNamingConvention()
        .Options;

    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        folder.Check();
        try
        {
            await using var context = new SqliteContext(_options);
            await MigrationCheck.RefuseLaterAsync(context, cancellationToken);
            // EF keeps its lock in a row, which outlives a killed process. The folder is ours, so whatever is there is stale.
            await context.Database.ExecuteSqlRawAsync("""DROP TABLE IF EXISTS "__EFMigrationsLock" """, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw folder.Failures.OfCall(exception);
        }
    }

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = new SqliteContext(_options);
            return await MigrationCheck.RunAsync(context, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw folder.Failures.OfCall(exception);
        }
    }
}
