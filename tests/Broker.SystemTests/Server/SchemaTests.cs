using System.Diagnostics;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Services on a database that is not their version's.</summary>
public sealed class SchemaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_empty_database_is_refused()
    {
        await using var broker = await ServerBroker.PrepareAsync();

        await AssertRefusedAsync(broker, "Run `broker migrate`, then start again.");
    }

    [Fact]
    public async Task A_database_that_lacks_the_last_migration_is_refused()
    {
        await using var broker = await MigratedAsync("DELETE FROM schema_migrations WHERE migration_id = (SELECT max(migration_id) FROM schema_migrations)");

        await AssertRefusedAsync(broker, "Run `broker migrate`, then start again.");
    }

    [Fact]
    public async Task A_database_that_a_later_version_contracted_is_refused()
    {
        await using var broker = await MigratedAsync("INSERT INTO schema_migrations VALUES ('29990101000000_ContractTasks', '99.0.0')");

        await AssertRefusedAsync(broker, "29990101000000_ContractTasks", "Start the version that made it, or a later one.");
    }

    /// <summary>Row 40 of the faults: the schema is a version ahead of the programs.</summary>
    [Fact]
    public async Task A_database_that_a_later_version_expanded_is_worked_on()
    {
        await using var broker = await MigratedAsync("""
            ALTER TABLE tasks ADD COLUMN note text;
            ALTER TABLE task_history ADD COLUMN note text NOT NULL DEFAULT '';
            ALTER TABLE leadership ADD COLUMN note text;
            CREATE TABLE notes (id uuid PRIMARY KEY);
            INSERT INTO schema_migrations VALUES ('29990101000000_ExpandTasks', '99.0.0')
            """);
        broker.StartScheduler();
        broker.StartApi();
        await broker.WaitUntilLedAsync();
        broker.StartAgent("bot", slots: 8);

        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, 500).Select(_ => new { type = "echo", payload = 1 }));
        var states = await broker.Api.WaitForAllAsync(ids, Patience);

        Assert.Equal(500, states.Count);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
    }

    private static async Task<ServerBroker> MigratedAsync(string change)
    {
        var broker = await ServerBroker.PrepareAsync();
        await broker.MigrateAsync();
        await broker.ReadAsync(change);
        return broker;
    }

    private static async Task AssertRefusedAsync(ServerBroker broker, params string[] sentences)
    {
        var watch = Stopwatch.StartNew();
        BrokerProcess[] services = [broker.StartScheduler(), broker.StartApi()];

        foreach (var service in services)
        {
            Assert.Equal(1, await service.WaitForExitAsync(Patience));
            Assert.All(sentences, sentence => Assert.Contains(sentence, service.Output, StringComparison.Ordinal));
            Assert.DoesNotContain("   at ", service.Output, StringComparison.Ordinal);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"Both refused after {watch.Elapsed.TotalSeconds:F1} s.");
        // Nobody waits for anything: it is two starts of a process, which a busy machine stretches.
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await using var tap = await RabbitTap.ConnectAsync(broker.RabbitMq);
        Assert.Null(await tap.FindAsync(broker.Queues.Submissions));
    }
}
