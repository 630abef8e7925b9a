using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage.Tests;

public sealed class PostgresBrokerReadsTests(PostgresUnderTest storage) : BrokerReadsTests(storage), IClassFixture<PostgresUnderTest>
{
    /// <summary>Each partition that is opened costs more than the row: with 30 days of history most of the read.</summary>
    [Fact]
    public async Task A_task_is_looked_for_in_the_partitions_of_its_own_day()
    {
        await storage.Upkeep.EnsureAsync(DateOnly.FromDateTime(Some.Now.UtcDateTime), 3, TestContext.Current.CancellationToken);
        var id = Some.TimedId(Some.Now);

        var partitions = (await PlanOfAsync(id)).Where(line => line.Contains("Scan", StringComparison.Ordinal)).ToList();

        var day = $"_{TaskDay.Of(id):yyyyMMdd}";
        Assert.NotEmpty(partitions);
        Assert.All(partitions.Where(line => !line.Contains(" on tasks ", StringComparison.Ordinal)),
            line => Assert.Contains(day, line, StringComparison.Ordinal));
    }

    private async Task<List<string>> PlanOfAsync(Guid id)
    {
        await using var source = PostgresSources.Reader(storage.Database.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.Statement("EXPLAIN " + EmbeddedSql.Read("Postgres/reads/tasks_by_id.sql")).Ids([id])
            .With(HistoryProbe.DaysOf([id]), NpgsqlDbType.Array | NpgsqlDbType.Date).With(true, NpgsqlDbType.Boolean);
        await using var rows = await batch.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken)) plan.Add(rows.GetString(0));
        return plan;
    }
}
