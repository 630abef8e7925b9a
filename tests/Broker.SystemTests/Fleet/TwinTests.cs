using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Row 64 of the faults: two live processes under one id.</summary>
public sealed class TwinTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task The_newer_process_works_and_the_older_ends_by_itself()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var older = StartAgent("twin");
        var held = await SubmitAsync(new { type = "sleep", payload = new { ms = 1_500 } });
        await Api.WaitForStateAsync(held, "running", Patience);
        var newer = StartAgent("twin");

        Assert.Equal(1, await older.WaitForExitAsync(Patience));
        Assert.Contains("Another process registered", older.Output, StringComparison.Ordinal);
        await Api.WaitForStateAsync(held, "succeeded", TimeSpan.FromSeconds(90));
        await CheckNewerWorksAsync(newer, held);
    }

    [Fact]
    public async Task Twins_that_have_no_task_do_not_drive_each_other_out_in_turn()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var older = StartAgent("twin");
        await Eventually.Async(FateAsync, fate => fate.Count > 0, "the first is registered", Patience);
        var newer = StartAgent("twin");

        Assert.Equal(1, await older.WaitForExitAsync(Patience));
        await CheckNewerWorksAsync(newer, held: null);
    }

    private async Task CheckNewerWorksAsync(BrokerProcess newer, string? held)
    {
        var heard = (DateTimeOffset)(await WorkerAsync("twin"))["lastBeatAt"]!;
        foreach (var id in await SubmitManyAsync(5))
        {
            await Api.WaitForStateAsync(id, "succeeded", TimeSpan.FromSeconds(90));
            Assert.Single(await Api.EventsAsync(id), step => (string?)step["outcome"] == "succeeded");
        }
        await WaitForWorkerAsync("twin", worker => (DateTimeOffset)worker["lastBeatAt"]! > heard.AddSeconds(10), "beats ten times");

        Assert.False(newer.HasExited, newer.Output);
        Assert.Equal(["registered", "registered"], (await FateAsync()).Where(kind => kind is not ("suspect" or "online")));
        if (held is null) return;

        var outcomes = (await Api.EventsAsync(held)).Where(step => step["outcome"] is not null).Select(step => (string)step["outcome"]!).ToList();
        Assert.Equal(("interrupted", "succeeded"), (outcomes[0], outcomes[^1]));
        Assert.Equal(0, (int)(await Api.TaskAsync(held))["losses"]!);
    }

    private Task<List<string>> FateAsync() => Broker.ReadAsync($"SELECT kind FROM fleet_events WHERE worker = '{Pool}-twin' ORDER BY seq");
}
