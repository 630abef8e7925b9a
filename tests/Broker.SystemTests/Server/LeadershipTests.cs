using System.Diagnostics;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>One leads, the others stand by; what is killed comes back or is replaced, and nothing is lost.</summary>
public sealed class LeadershipTests(ThreeSchedulers schedulers, ITestOutputHelper output) : IClassFixture<ThreeSchedulers>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly int Rounds = FullRun.Of(1, 5);

    private ServerBroker Broker => schedulers.Broker;

    /// <summary>Row 19 of the faults.</summary>
    [Fact]
    public Task A_leader_that_is_stopped_is_replaced_within_1_second() => UnderLoadAsync(TimeSpan.FromSeconds(1), async (watch, leader) =>
    {
        var took = await watch.TimeAsync(() => leader.SignalAsync("TERM"));
        Assert.Equal(0, await leader.WaitForExitAsync(Patience));
        Broker.StartScheduler();
        return took;
    });

    /// <summary>Row 19 of the faults.</summary>
    [Fact]
    public Task A_leader_that_is_killed_is_replaced_within_5_seconds() => UnderLoadAsync(TimeSpan.FromSeconds(5), async (watch, leader) =>
    {
        var took = await watch.TimeAsync(leader.KillAsync);
        Broker.StartScheduler();
        return took;
    });

    /// <summary>Rows 19 and 20 of the faults.</summary>
    [Fact]
    public Task A_leader_that_is_paused_is_replaced_within_7_seconds_and_commits_nothing_when_it_goes_on() =>
        UnderLoadAsync(TimeSpan.FromSeconds(7), async (watch, leader) =>
        {
            var running = await Broker.Api.SubmitAsync(new { type = "sleep", payload = new { ms = 2_000 } });
            await Broker.Api.WaitForStateAsync(running, "running");
            var stopped = Stopwatch.StartNew();
            var taking = watch.TimeAsync(() => leader.SignalAsync("STOP"));
            var submitted = await Broker.Api.SubmitAsync(new { type = "echo" });
            await HeldByAsync(leader);
            var took = await taking;

            // The report of the one and the submission of the other lie with the old leader until RabbitMQ gives it up.
            await Broker.Api.WaitForAllAsync([running, submitted], Patience);
            output.WriteLine($"What the old leader held was handled after {stopped.Elapsed.TotalSeconds:F1} s.");
            Assert.InRange(stopped.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            Assert.Equal(1, (int)(await Broker.Api.TaskAsync(running))["attempts"]!);

            var epoch = (await watch.ReadAsync()).Epoch;
            await leader.SignalAsync("CONT");
            await TestKit.Eventually.Async(() => Task.FromResult(leader.Output), text => text.Contains("No longer leading", StringComparison.Ordinal),
                "the old leader sees that its time is over");
            Assert.Equal(epoch, (await watch.ReadAsync()).Epoch);
            return took;
        });

    /// <summary>Row 24 of the faults.</summary>
    [Fact]
    public async Task A_scheduler_that_was_down_for_three_lost_times_takes_no_task_from_a_live_worker()
    {
        await using var broker = await ServerBroker.StartAsync(schedulers: 2);
        await TestKit.Eventually.Async(
            () => broker.Api.PutAsync("/v1/pools/default", new { heartbeat = new { interval = "1s" } }), _ => true, "the pool is set");
        broker.StartAgent("bot-1", slots: 4);
        broker.StartAgent("bot-2", slots: 4, "--transport", "http");
        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, 8).Select(i => new { type = "sleep", payload = new { ms = i % 2 == 0 ? 10_000 : 35_000 } }));
        foreach (var id in ids) await broker.Api.WaitForStateAsync(id, "running", Patience);

        await broker.KillSchedulersAsync();
        // The fault is the time itself: three times the silence after which a worker that is told 1 s is lost, 3 s and a grace of 5 s.
        await Task.Delay(TimeSpan.FromSeconds(24), TimeProvider.System, TestContext.Current.CancellationToken);
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

    /// <summary>Takes the leader away under load, as often as asked; fails unless the next one leads in time and nothing shows of it.</summary>
    private async Task UnderLoadAsync(TimeSpan limit, Func<LeadershipWatch, TestKit.BrokerProcess, Task<(TimeSpan Epoch, TimeSpan Turn)>> replaceAsync)
    {
        await using var watch = new LeadershipWatch(Broker.Postgres);
        for (var round = 1; round <= Rounds; round++)
        {
            using var load = new SubmissionLoad(Broker.Api, senders: 8, pause: TimeSpan.FromMilliseconds(50));
            await load.WaitForAsync(taken: 50);
            var (epoch, turn) = await replaceAsync(watch, await Broker.LeaderAsync());
            output.WriteLine($"Round {round}: a new epoch after {epoch.TotalSeconds:F2} s, its first turn after {turn.TotalSeconds:F2} s.");
            await load.StopAsync();
            var states = await Broker.Api.WaitForAllAsync(load.Taken, Patience);

            Assert.All(states.Values, state => Assert.Equal("succeeded", state));
            Assert.InRange(epoch, TimeSpan.Zero, limit);
        }
        await CheckEpochsAsync();
    }

    /// <summary>What was sent since and is not ready to be read lies with the one consumer there is.</summary>
    private async Task HeldByAsync(TestKit.BrokerProcess leader)
    {
        await using var tap = await RabbitTap.ConnectAsync();
        var (ready, consumers) = await tap.CountAsync(Broker.Queues.Submissions);
        Assert.True((ready, consumers) == (0u, 1u), $"Leader {leader.Id} does not hold the submission: {ready} ready, {consumers} consumers.");
    }

    /// <summary>In the order of the commits no epoch comes after a later one, and no attempt is offered twice.</summary>
    private async Task CheckEpochsAsync()
    {
        const string Offered = "FROM task_events e CROSS JOIN json_array_elements(e.transitions) t";
        var epochs = (await Broker.ReadAsync($"SELECT h.token_epoch::text {Offered} JOIN task_history h ON h.id = e.task_id"
            + " AND h.token_number = (t->>'offer')::bigint WHERE t->>'event' = 'offered' ORDER BY e.seq")).ConvertAll(int.Parse);
        var twice = await Broker.ReadAsync($"SELECT e.task_id::text {Offered} WHERE t->>'event' = 'offered' GROUP BY e.task_id, t->>'attempt' HAVING count(*) > 1");

        Assert.True(epochs.Distinct().Count() > 1, "Only one leader offered anything.");
        Assert.Equal(epochs.Order(), epochs);
        Assert.Empty(twice);
    }
}
