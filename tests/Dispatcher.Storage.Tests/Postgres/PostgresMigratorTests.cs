using Broker.TestKit;
using Npgsql;

namespace Broker.Storage.Tests;

public sealed class PostgresMigratorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_of_another_version_is_refused_with_what_to_do()
    {
        await using var database = await PostgresSchema.CreateAsync();
        var schema = new PostgresMigrator(database.ConnectionString);

        Assert.Contains("Run `broker migrate`", await schema.CheckAsync(Cancel), StringComparison.Ordinal);

        await schema.MigrateAsync(Cancel);
        Assert.Null(await schema.CheckAsync(Cancel));

        await AddMigrationAsync(database, "29990101000000_ContractTasks");
        Assert.Contains("29990101000000_ContractTasks", await schema.CheckAsync(Cancel), StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => schema.MigrateAsync(Cancel));
        Assert.Contains("29990101000000_ContractTasks", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_a_later_version_merely_expanded_is_taken_as_it_is()
    {
        await using var database = await PostgresSchema.CreateAsync();
        var schema = new PostgresMigrator(database.ConnectionString);
        await schema.MigrateAsync(Cancel);
        await AddMigrationAsync(database, "29990101000000_ExpandTasks");

        Assert.Null(await schema.CheckAsync(Cancel));
        await schema.MigrateAsync(Cancel);

        await AddMigrationAsync(database, "29990102000000_TasksExpand");
        Assert.Contains("29990102000000_TasksExpand", await schema.CheckAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_gives_way_to_whoever_holds_its_tables()
    {
        await using var database = await PostgresSchema.CreateAsync();
        var schema = new PostgresMigrator(database.ConnectionString);
        await schema.MigrateAsync(Cancel);
        await using var holder = new NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(Cancel);
        await using var hold = new NpgsqlCommand("BEGIN; LOCK TABLE schema_migrations", holder);
        await hold.ExecuteNonQueryAsync(Cancel);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => schema.MigrateAsync(Cancel));

        Assert.Contains("Run `broker migrate` again", refusal.Message, StringComparison.Ordinal);
    }

    private static Task AddMigrationAsync(PostgresSchema database, string name) =>
        database.ExecuteAsync($"INSERT INTO schema_migrations VALUES ('{name}', '99.0.0')");
}
