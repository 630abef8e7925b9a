using Npgsql;

namespace Broker.SystemTests;

/// <summary>One worker's queue is gone; the others must not feel it.</summary>
public sealed class DeadQueueTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private const int Tasks = 1_000;

    /// <summary>Row 18 of the faults.</summary>
    [Fact]
    public async Task Offers_to_a_deleted_queue_end_at_no_cost_while_the_others_flow()
    {
        StartAgent("alive", slots: 8);
        await Api.WaitForStateAsync(await SubmitAsync(), "succeeded", Patience);
        await using var dead = await AmqpBot.RegisterAsync(Api, $"{Pool}-dead", Pool, slots: 20);
        await using (var tap = await RabbitTap.ConnectAsync()) await tap.DeleteQueueAsync(dead.Queue);

        var ids = await SubmitManyAsync(Tasks);
        var states = await Api.WaitForAllAsync(ids, Patience);

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        var ends = await Broker.ReadAsync($"SELECT (t->>'outcome') || ' ' || (t->>'reason') {Steps} AND t->>'event' = 'attempt-ended' AND t->>'worker' = '{dead.Id}'");
        Assert.Contains("undeliverable queue-missing", ends);
        Assert.Empty(ends.Except(["undeliverable queue-missing", "interrupted queue-missing"]));
        Assert.Equal(["0"], await Broker.ReadAsync($"SELECT sum(failures + losses)::text FROM task_history WHERE pool = '{Pool}'"));
        Assert.Equal([$"{Pool}-alive"], await Broker.ReadAsync($"SELECT DISTINCT worker FROM task_history WHERE pool = '{Pool}'"));
        Assert.Equal("lost", (string?)(await WorkerAsync("dead"))["liveness"]);

        var gap = await LongestGapAsync();
        output.WriteLine($"{ends.Count} offers came back; the longest gap between two completions was {gap.TotalMilliseconds:F0} ms.");
        Assert.InRange(gap, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private string Steps => $"FROM task_history h JOIN task_events e ON e.task_id = h.id CROSS JOIN json_array_elements(e.transitions) t WHERE h.pool = '{Pool}'";

    private async Task<TimeSpan> LongestGapAsync()
    {
        await using var source = NpgsqlDataSource.Create(Broker.Postgres);
        // Without the one that only showed that the agent is there.
        await using var command = source.CreateCommand($"SELECT max(gap) FROM (SELECT finished_at - lag(finished_at) OVER (ORDER BY finished_at) AS gap "
            + $"FROM (SELECT finished_at FROM task_history WHERE pool = '{Pool}' ORDER BY finished_at OFFSET 1) done) gaps");
        return (TimeSpan)(await command.ExecuteScalarAsync())!;
    }
}
