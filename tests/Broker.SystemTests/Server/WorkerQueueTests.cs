using System.Diagnostics;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>An operator deletes or purges the queue of a worker that is at work.</summary>
public sealed class WorkerQueueTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private const int Tasks = 50;
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(10);

    private string Id => $"{Pool}-bot";

    /// <summary>Row 44 of the faults.</summary>
    [Fact]
    public async Task An_agent_whose_queue_is_deleted_registers_again_and_nothing_runs_more_than_twice()
    {
        await using var outside = await RunCounter.StartAsync();
        StartAgent("bot", slots: Tasks);

        await DeleteQueueAtWorkAsync(await Api.SubmitAllAsync(Enumerable.Range(0, Tasks).Select(number => outside.TaskOf(Pool, number))), outside.Answer);

        Assert.Equal(Tasks, outside.Runs.Count);
        Assert.All(outside.Runs.Values, runs => Assert.InRange(runs, 1, 2));
    }

    /// <summary>Row 44 of the faults.</summary>
    [Fact]
    public async Task A_bot_in_node_whose_queue_is_deleted_registers_again_and_nothing_runs_more_than_twice()
    {
        await ExampleBots.StartNodeAsync(Broker, Pool, Id, slots: Tasks);
        await DeleteQueueAtWorkAsync(await SubmitManyAsync(Tasks, new { type = "sleep", payload = new { ms = BackWithin.TotalMilliseconds } }));
    }

    /// <summary>Row 45 of the faults.</summary>
    [Fact]
    public async Task Offers_that_were_purged_are_made_again_once_the_inventory_shows_it()
    {
        await using var bot = await AmqpBot.RegisterAsync(Api, Id, Pool, slots: 3);
        await using var tap = await RabbitTap.ConnectAsync();
        var lost = await SubmitManyAsync(2);
        await Eventually.Async(() => tap.CountAsync(bot.Queue), queue => queue.Ready >= 2, "both are offered");
        Assert.True(await tap.PurgeAsync(bot.Queue) >= 2);

        await SubmitAsync();
        var later = await bot.TakeAsync();
        await bot.InventoryAsync(later.Number, later);
        TakenOffer[] again = [await bot.TakeAsync(), await bot.TakeAsync()];
        await bot.ReportAsync("succeeded", [later, .. again]);

        Assert.All((await Api.WaitForAllAsync(lost, Patience)).Values, state => Assert.Equal("succeeded", state));
        foreach (var id in lost)
        {
            var ends = (await Api.EventsAsync(id)).Where(step => (string?)step["event"] == "attempt-ended").Select(step => (string?)step["outcome"]);
            Assert.Equal(["undeliverable", "succeeded"], ends);
        }
        await CheckNoCostAsync();
    }

    /// <param name="endWork">Called once the worker is back; null: no task ends before then anyway.</param>
    private async Task DeleteQueueAtWorkAsync(List<string> ids, Action? endWork = null)
    {
        await using var tap = await RabbitTap.ConnectAsync();
        await Eventually.Async(() => Broker.ReadAsync($"SELECT count(*)::text FROM tasks WHERE pool = '{Pool}' AND state = 'running'"),
            rows => rows[0] == $"{ids.Count}", "all run at once", Patience);
        var before = await SessionAsync();

        var watch = Stopwatch.StartNew();
        await tap.DeleteQueueAsync(Broker.Queues.Worker(Id));
        await Eventually.Async(SessionAsync, session => session != before, "a new session");
        await Eventually.Async(() => tap.FindAsync(Broker.Queues.Worker(Id)), queue => queue is { Consumers: 1 }, "a new queue with its worker");
        output.WriteLine($"A new session and queue after {watch.Elapsed.TotalSeconds:F1} s.");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, BackWithin);
        endWork?.Invoke();

        Assert.All((await Api.WaitForAllAsync(ids, Patience)).Values, state => Assert.Equal("succeeded", state));
        var ends = await Broker.ReadAsync($"SELECT t->>'outcome' FROM task_history h JOIN task_events e ON e.task_id = h.id "
            + $"CROSS JOIN json_array_elements(e.transitions) t WHERE h.pool = '{Pool}' AND t->>'event' = 'attempt-ended'");
        Assert.Equal(ids.Count, ends.Count(outcome => outcome == "succeeded"));
        Assert.InRange(ends.Count(outcome => outcome == "interrupted"), 1, ids.Count);
        Assert.Empty(ends.Except(["succeeded", "interrupted"]));
        await CheckNoCostAsync();
    }

    private async Task<string> SessionAsync() =>
        (await Broker.ReadAsync($"SELECT record->>'session' FROM workers WHERE id = '{Id}'")).Single();

    private async Task CheckNoCostAsync() => Assert.Equal(["0 2"], await Broker.ReadAsync(
        $"SELECT sum(failures + losses) || ' ' || max(attempt) FROM task_history WHERE pool = '{Pool}'"));
}
