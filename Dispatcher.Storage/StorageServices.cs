using Microsoft.Extensions.DependencyInjection;

namespace Broker.Storage;

/// <summary>Adds the ports of one database: store, reads, schema and upkeep.</summary>
public static class StorageServices
{
    /// <summary>PostgreSQL 15–18.</summary>
    /// <param name="connectionString">Npgsql keywords; its <c>Search Path</c> names the schema, <c>public</c> if left out.</param>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, string connectionString) => services
        .AddSingleton<ISchema>(_ => new PostgresMigrator(connectionString))
        .AddSingleton<ISchedulerStore>(_ => new PostgresSchedulerStore(connectionString))
        .AddSingleton<IBrokerReads>(_ => new PostgresReads(connectionString))
        .AddSingleton<IEventLog>(_ => new PostgresEventLog(connectionString))
        .AddSingleton<IPartitionUpkeep>(_ => new PostgresUpkeep(connectionString));

    /// <summary>SQLite in a folder, which is made if missing and belongs to this process while it runs.</summary>
    /// <param name="onDamage">Told what is wrong when the database turns out to be damaged, also while it is in use; end the process then.</param>
    /// <exception cref="InvalidOperationException">Another Broker uses the folder.</exception>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, string folder, Action<string>? onDamage = null) => services
        .AddSingleton(provider => new SqliteFolder(folder, provider.GetService<TimeProvider>() ?? TimeProvider.System, onDamage))
        .AddSingleton<ISchema>(provider => new SqliteMigrator(provider.GetRequiredService<SqliteFolder>()))
        .AddSingleton<ISchedulerStore>(provider => new SqliteSchedulerStore(provider.GetRequiredService<SqliteFolder>()))
        .AddSingleton<IBrokerReads>(provider => new SqliteReads(provider.GetRequiredService<SqliteFolder>()))
        .AddSingleton<IPartitionUpkeep>(provider => new SqliteUpkeep(provider.GetRequiredService<SqliteFolder>()));
}
