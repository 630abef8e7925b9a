using Broker.Contracts;
using Broker.TestKit;
using Npgsql;

namespace Broker.Agent.Tests;

/// <summary>Row 55 of the faults: a worker that was given up acts on the outside, beside its heir. The statement is the README's.</summary>
public sealed class FencedSinkTests
{
    private const string Write = """
        INSERT INTO images (task, attempt, width) VALUES ($1, $2, $3)
        ON CONFLICT (task) DO UPDATE SET attempt = EXCLUDED.attempt, width = EXCLUDED.width WHERE images.attempt <= EXCLUDED.attempt
        """;

    [Fact]
    public async Task A_sink_that_refuses_a_lower_attempt_keeps_what_the_heir_wrote()
    {
        await using var schema = await PostgresSchema.CreateAsync();
        await schema.ExecuteAsync("CREATE TABLE images (task uuid PRIMARY KEY, attempt int NOT NULL, width int NOT NULL)");
        await using var sink = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var zombie = await AgentFixture.StartAsync(more: Writer(sink, width: 1));
        await using var heir = await AgentFixture.StartAsync(more: Writer(sink, width: 2));
        var first = zombie.Give(zombie.Offer("write"));
        await zombie.NextStartAsync();
        var second = heir.Give(heir.Offer("write", attempt: 2, task: first.Task));

        heir.Open(second);
        await heir.Broker.NextReportAsync(WireKind.Succeeded);
        zombie.Open(first);
        var late = await zombie.Broker.NextReportAsync(WireKind.Failed);

        Assert.Equal("superseded", late.Error!.Code);
        await using var read = sink.CreateCommand("SELECT attempt || ' ' || width FROM images");
        Assert.Equal("2 2", await read.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Writes once its gate is open.</summary>
    private static Func<AgentFixture, (string, HandleTask)> Writer(NpgsqlDataSource sink, int width) => agent => ("write", async (context, cancellationToken) =>
    {
        await agent.Gates[context.TaskId].Task;
        await using var write = sink.CreateCommand(Write);
        foreach (var value in new object[] { context.TaskId, context.Attempt, width }) write.Parameters.Add(new NpgsqlParameter { Value = value });
        if (await write.ExecuteNonQueryAsync(cancellationToken) == 0)
            throw new TaskFailedException("superseded", "A newer attempt has written.", retryable: false);
        return null;
    }
    );
}
