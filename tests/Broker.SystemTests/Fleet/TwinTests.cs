using Broker.Contracts;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Row 64 of the faults: two live processes under one id.</summary>
public sealed class TwinTests(SharedServer server) : PoolTests(server)
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task The_newer_process_works_and_the_older_ends_by_itself()
    {
        await BeatSlowlyAsync();
        var older = StartAgent("twin", slots: 2);
        var held = await SubmitAsync(new { type = "sleep", payload = new { ms = 600_000 } });
        await Api.WaitForStateAsync(held, "running", Patience);
        var newer = StartAgent("twin", slots: 2);

        await OlderEndsAndNewerWorksAsync(older, newer);

        var ended = (await Api.EventsAsync(held)).First(step => (string?)step["event"] == "attempt-ended");
        Assert.Equal("interrupted", (string?)ended["outcome"]);
        await Api.PostAsync($"/v1/tasks/{held}/cancel", new { reason = "seen enough" });
    }

    [Fact]
    public async Task Twins_that_have_no_task_do_not_drive_each_other_out_in_turn()
    {
        await BeatSlowlyAsync();
        var older = StartAgent("twin");
        await Eventually.Async(FateAsync, fate => fate.Count > 0, "the first is registered", Patience);
        var newer = StartAgent("twin");

        await OlderEndsAndNewerWorksAsync(older, newer);
    }

    /// <summary>A process that was just started may take two seconds to its first word: silent for two intervals, it would be
    /// taken for gone, and the older one told to come back.</summary>
    private Task BeatSlowlyAsync() => SetPoolAsync(new { heartbeat = new { interval = Durations.Format(BeatInterval) } });

    private async Task OlderEndsAndNewerWorksAsync(BrokerProcess older, BrokerProcess newer)
    {
        Assert.Equal(1, await older.WaitForExitAsync(Patience));
        Assert.Contains("Another process registered", older.Output, StringComparison.Ordinal);

        var heard = (DateTimeOffset)(await WorkerAsync("twin"))["lastBeatAt"]!;
        foreach (var id in await SubmitManyAsync(5))
        {
            // What the older one took from their queue in its last moments is offered again after a minute.
            await Api.WaitForStateAsync(id, "succeeded", TimeSpan.FromSeconds(90));
            Assert.Single(await Api.EventsAsync(id), step => (string?)step["outcome"] == "succeeded");
        }
        await WaitForWorkerAsync("twin", worker => (DateTimeOffset)worker["lastBeatAt"]! > heard + (10 * BeatInterval), "beats ten times", Patience);

        Assert.False(newer.HasExited, newer.Output);
        // Who is lost because the machine stood still registers again; that is no fight.
        var fate = await FateAsync();
        Assert.Equal(2, fate.Count(kind => kind == "registered") - fate.Count(kind => kind == "lost"));
    }

    private Task<List<string>> FateAsync() => Broker.ReadAsync($"SELECT kind FROM fleet_events WHERE worker = '{Pool}-twin' ORDER BY seq");
}
