using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>An operator purges the shared queues while nobody leads and messages lie in them.</summary>
[Trait("Kind", "fault")]
public sealed class PurgedQueueTests(LoneScheduler lone) : IClassFixture<LoneScheduler>
{
    private const int Tasks = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>At the default interval, when an inventory comes at the latest.</summary>
    private static readonly TimeSpan ThreeBeats = TimeSpan.FromSeconds(30);

    private ServerBroker Broker => lone.Broker;

    private ApiClient Api => lone.Broker.Api;

    /// <summary>Row 45 of the faults.</summary>
    [Fact]
    public async Task Reports_that_were_purged_are_made_up_for_by_the_inventory_and_without_beats_nobody_is_lost()
    {
        await Api.PutAsync("/v1/pools/default", new { heartbeat = new { interval = "1s" } });
        Broker.StartAgent("bot", slots: Tasks);
        var ids = await Api.SubmitAllAsync(Enumerable.Repeat(new { type = "sleep", payload = new { ms = 2_000 } }, Tasks));
        await Eventually.Async(() => Broker.ReadAsync("SELECT count(*)::text FROM tasks WHERE state = 'running'"),
            rows => rows[0] == $"{Tasks}", "all run", Patience);

        var leader = await Broker.LeaderAsync();
        await leader.KillAsync();
        await using var tap = await RabbitTap.ConnectAsync();
        for (var ended = 0; ended < Tasks;) ended += EndsIn(JsonNode.Parse((await tap.NextAsync(Broker.Queues.Reports)).Body.Span)!);
        await tap.PurgeAsync(Broker.Queues.Reports);
        await Eventually.Async(() => tap.PurgeAsync(Broker.Queues.Beats), count => count > 0, "beats to purge");

        Broker.StartScheduler();
        await Broker.LeaderAsync(except: leader);
        var ledSince = TimeProvider.System.GetUtcNow();
        var states = await Api.WaitForAllAsync(ids, Patience);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        foreach (var id in ids)
        {
            var task = await Api.TaskAsync(id);
            Assert.Equal((2, 0, 0), ((int)task["attempts"]!, (int)task["failures"]!, (int)task["losses"]!));
            var repaired = (await Api.EventsAsync(id)).First(step => (string?)step["event"] == "attempt-ended");
            Assert.Equal(("interrupted", "not-in-inventory"), ((string)repaired["outcome"]!, (string)repaired["reason"]!));
            Assert.InRange((DateTimeOffset)repaired["at"]! - ledSince, TimeSpan.Zero, ThreeBeats);
        }
        Assert.Empty(await Broker.ReadAsync("SELECT worker FROM fleet_events WHERE kind = 'lost'"));
    }

    /// <summary>Row 45 of the faults: what is lost stays <c>accepted</c>, and handing it in again makes up for it.</summary>
    [Fact]
    public async Task Submissions_that_were_purged_stay_accepted_and_run_when_their_key_comes_again()
    {
        Broker.StartAgent("other", slots: 2);
        await (await Broker.LeaderAsync()).KillAsync();
        await using var tap = await RabbitTap.ConnectAsync();
        var keys = Enumerable.Range(0, 5).Select(_ => $"{Guid.NewGuid()}").ToList();
        var ids = await SubmitAsync(keys);
        Assert.True(await tap.PurgeAsync(Broker.Queues.Submissions) > 0, "Nothing was there to purge.");

        Broker.StartScheduler();
        var later = await Api.SubmitAsync(new { type = "echo" });
        await Api.WaitForStateAsync(later, "succeeded", Patience);
        foreach (var id in ids) Assert.Equal("accepted", await Api.StateOfAsync(id));

        Assert.Equal(ids, await SubmitAsync(keys));
        var states = await Api.WaitForAllAsync(ids, Patience);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
    }

    private async Task<List<string>> SubmitAsync(List<string> keys)
    {
        var ids = new List<string>();
        foreach (var key in keys)
        {
            var (status, body) = await Api.TryPostAsync("/v1/tasks", new { type = "echo" }, key);
            Assert.Equal(System.Net.HttpStatusCode.Accepted, status);
            ids.Add((string)body["id"]!);
        }
        return ids;
    }

    private static int EndsIn(JsonNode message) => (string?)message["kind"] == "succeeded" ? message["reports"]!.AsArray().Count : 0;
}
