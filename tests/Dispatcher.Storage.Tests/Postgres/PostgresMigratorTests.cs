using Broker.TestKit;

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

        await database.ExecuteAsync("INSERT INTO schema_migrations VALUES ('29990101000000_Future', '99.0.0')");
        Assert.Contains("29990101000000_Future", await schema.CheckAsync(Cancel), StringComparison.Ordinal);
    }
}
