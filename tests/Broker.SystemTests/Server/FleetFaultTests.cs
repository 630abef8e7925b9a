using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Workers that break, and tasks that break workers.</summary>
[Trait("Kind", "fault")]
public sealed class FleetFaultTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task A_worker_that_fails_what_others_do_well_is_quarantined_until_it_is_uncordoned()
    {
        // It was started without the folder that the others may read.
        StartAgent("bad", slots: 2);
        foreach (var name in new[] { "good-1", "good-2", "good-3" }) StartAgent(name, slots: 2, "--file-root", FileRun.Root);
        foreach (var name in new[] { "bad", "good-1", "good-2", "good-3" })
            await WaitForWorkerAsync(name, worker => (string?)worker["liveness"] == "online", "is online", Patience);

        var ids = await SubmitManyAsync(600, new { type = "file.sha256", payload = new { path = FileRun.Files()[0] } });
        var failed = (await Api.WaitForAllAsync(ids, Patience)).Where(task => task.Value == "dead").Select(task => task.Key).ToList();
        Assert.InRange(failed.Count, 10, 100);
        var bad = await WaitForWorkerAsync("bad", worker => (string?)worker["admission"] == "quarantined", "is quarantined");
        Assert.StartsWith("failed ", (string?)bad["reason"], StringComparison.Ordinal);
        foreach (var name in new[] { "good-1", "good-2", "good-3" }) Assert.Equal("open", (string?)(await WorkerAsync(name))["admission"]);
        foreach (var id in failed) await Api.PostAsync($"/v1/tasks/{id}/retry");
        Assert.All((await Api.WaitForAllAsync(failed, Patience)).Values, state => Assert.Equal("succeeded", state));
        Assert.Equal(["quarantined"], await Broker.ReadAsync($"SELECT kind FROM fleet_events WHERE worker = '{Pool}-bad' AND kind = 'quarantined'"));

        foreach (var name in new[] { "good-1", "good-2", "good-3" }) await Api.PostAsync($"/v1/workers/{Pool}-{name}/cordon");
        var waiting = await SubmitAsync();
        var why = await WhyWaitsAsync(waiting, "no-eligible-worker");
        Assert.Equal(1, (int)why["missing"]!["is quarantined"]!);

        Assert.Equal("open", (string?)(await Api.PostAsync($"/v1/workers/{Pool}-bad/uncordon"))["admission"]);
        await Api.WaitForStateAsync(waiting, "succeeded");
        Assert.Equal("bad", await OfferedToAsync(waiting));
    }

    /// <summary>Row 30 of the faults.</summary>
    [Fact]
    public async Task A_task_that_kills_its_worker_is_dead_as_poison_after_the_third_and_names_them()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 600_000 } });
        string[] victims = ["first", "second", "third"];
        foreach (var victim in victims)
        {
            var agent = StartAgent(victim);
            await Eventually.Async(() => Api.TaskAsync(id), task => ((string?)task["state"], (string?)task["worker"]) == ("running", $"{Pool}-{victim}"),
                $"it runs on {victim}", Patience);
            await agent.KillAsync();
        }
        await Api.WaitForStateAsync(id, "dead", Patience);

        var task = await Api.TaskAsync(id);
        Assert.Equal(("poison", 3, 0), ((string)task["error"]!["code"]!, (int)task["losses"]!, (int)task["failures"]!));
        var vanished = (await Api.EventsAsync(id)).Where(step => (string?)step["outcome"] == "lost").Select(step => (string)step["worker"]!);
        Assert.Equal(victims.Select(victim => $"{Pool}-{victim}"), vanished);
        StartAgent("fourth");
        await Api.WaitForStateAsync(await SubmitAsync(), "succeeded", Patience);
    }
}
