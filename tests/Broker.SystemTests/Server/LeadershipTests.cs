using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Whatever of a Broker is away for a while, nothing is lost.</summary>
public sealed class LeadershipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Row 24 of the faults.</summary>
    [Fact]
    public async Task A_scheduler_that_was_down_for_three_lost_times_takes_no_task_from_a_live_worker()
    {
        await using var broker = await ServerBroker.StartAsync(schedulers: 2);
        await Eventually.Async(
            () => broker.Api.PutAsync("/v1/pools/default", new { heartbeat = new { interval = "2s" } }), _ => true, "the pool is set");
        broker.StartAgent("bot-1", slots: 4);
        broker.StartAgent("bot-2", slots: 4, "--transport", "http");
        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, 8).Select(i => new { type = "sleep", payload = new { ms = i % 2 == 0 ? 10_000 : 45_000 } }));
        foreach (var id in ids) await broker.Api.WaitForStateAsync(id, "running", Patience);

        await broker.KillSchedulersAsync();
        // The fault is the time itself: three times the silence after which a worker that is told 2 s is lost, 6 s and a grace of 5 s.
        await Task.Delay(TimeSpan.FromSeconds(33), TimeProvider.System, TestContext.Current.CancellationToken);
        broker.StartScheduler();

        var states = await broker.Api.WaitForAllAsync(ids, Patience);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        var ends = new List<string>();
        foreach (var id in ids)
            ends.AddRange((await broker.Api.EventsAsync(id)).Where(step => step["outcome"] is not null).Select(step => $"{step["worker"]} {step["outcome"]} {step["reason"]}"));
        Assert.Equal(["bot-1 succeeded ", "bot-2 succeeded "], ends.Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(await broker.ReadAsync("SELECT worker FROM fleet_events WHERE kind = 'lost'"));
    }

    [Fact]
    public async Task Loses_nothing_when_each_process_is_killed_in_turn_and_all_together()
    {
        await using var broker = await ServerBroker.StartAsync();
        var api = broker.StartApi(new Uri($"http://127.0.0.1:{Ports.Free()}"));
        var agent = broker.StartAgent("bot-1", slots: 8);
        broker.StartAgent("bot-2", slots: 8);
        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, 2_000).Select(_ => new { type = "sleep", payload = new { ms = 20 } }));

        await agent.KillAsync();
        agent = broker.StartAgent("bot-1", slots: 8);
        var leader = await broker.LeaderAsync();
        await leader.KillAsync();
        broker.StartScheduler();
        await api.KillAsync();
        leader = await broker.LeaderAsync(except: leader, Patience);
        await Task.WhenAll(agent.KillAsync(), leader.KillAsync());
        broker.StartScheduler();
        broker.StartAgent("bot-1", slots: 8);

        var states = await broker.Api.WaitForAllAsync(ids, Patience);
        Assert.Equal(2_000, states.Count);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
    }
}
