using System.Diagnostics;

namespace Broker.SystemTests;

/// <summary>How long nobody leads when the leader goes.</summary>
[Collection(TimedTests.Name)]
public sealed class TakeoverTimeTests(ThreeSchedulers schedulers, ITestOutputHelper output) : IClassFixture<ThreeSchedulers>
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
