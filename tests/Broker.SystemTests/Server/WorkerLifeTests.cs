using System.Net;

namespace Broker.SystemTests;

/// <summary>What happens to a worker, and to the tasks it has then.</summary>
public sealed class WorkerLifeTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task A_cordoned_worker_gets_nothing_until_it_is_uncordoned()
    {
        var calm = await BotAsync("calm", new { slots = 9 });
        await BotAsync("busy", new { slots = 4 });
        var cordoned = await Api.PostAsync($"/v1/workers/{calm.Id}/cordon", new { reason = "disk full" });
        Assert.Equal(("cordoned", "disk full"), ((string)cordoned["admission"]!, (string)cordoned["reason"]!));

        foreach (var id in await SubmitManyAsync(4)) Assert.Equal("busy", await OfferedToAsync(id));
        var waiting = await SubmitAsync();
        await WhyWaitsAsync(waiting, "pool-full");

        await Api.PostAsync($"/v1/workers/{calm.Id}/uncordon");
        Assert.Equal("calm", await OfferedToAsync(waiting));
    }

    [Fact]
    public async Task A_draining_worker_finishes_what_it_has_and_takes_nothing_new()
    {
        var bot = await BotAsync("old", new { slots = 2 });
        var running = await SubmitAsync();
        var given = await bot.StartNextAsync();
        Assert.Equal("draining", (string?)(await Api.PostAsync($"/v1/workers/{bot.Id}/drain", new { reason = "retired" }))["admission"]);
        Assert.True((bool)(await bot.BeatAsync())["drain"]!);

        var waiting = await SubmitAsync();
        await WhyWaitsAsync(waiting, "no-eligible-worker");
        await bot.SucceedAsync(given);

        await WaitForWorkerAsync("old", worker => (string?)worker["admission"] == "drained", "is drained");
        Assert.Equal("succeeded", await Api.StateOfAsync(running));
        Assert.Equal("queued", await Api.StateOfAsync(waiting));
    }

    [Fact]
    public async Task At_the_deadline_of_a_drain_tasks_are_released_at_no_cost_and_run_elsewhere()
    {
        StartAgent("old");
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 600_000 } });
        await Api.WaitForStateAsync(id, "running", Patience);

        await Api.PostAsync($"/v1/workers/{Pool}-old/drain", new { reason = "retired", deadline = "1s" });
        await WaitForWorkerAsync("old", worker => (string?)worker["admission"] == "drained", "is drained");
        var heir = await BotAsync("heir");
        await heir.SucceedAsync(await heir.StartNextAsync());

        var task = await Api.TaskAsync(id);
        Assert.Equal(("succeeded", 2, 0, 0), ((string)task["state"]!, (int)task["attempts"]!, (int)task["failures"]!, (int)task["losses"]!));
        var ended = (await Api.EventsAsync(id)).First(step => (string?)step["event"] == "attempt-ended");
        Assert.Equal(("released", "drain-deadline"), ((string)ended["outcome"]!, (string)ended["reason"]!));
    }

    [Fact]
    public async Task Tasks_of_a_lost_worker_run_elsewhere()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var agent = StartAgent("gone", slots: 2);
        var ids = await SubmitManyAsync(2, new { type = "sleep", payload = new { ms = 2_000 } });
        foreach (var id in ids) await Api.WaitForStateAsync(id, "running", Patience);
        await agent.KillAsync();

        await WaitForWorkerAsync("gone", worker => (string?)worker["liveness"] == "suspect", "is suspect");
        await WaitForWorkerAsync("gone", worker => (string?)worker["liveness"] == "lost", "is lost");
        StartAgent("heir", slots: 2);
        await Api.WaitForAllAsync(ids, Patience);

        foreach (var id in ids)
        {
            var task = await Api.TaskAsync(id);
            Assert.Equal(("succeeded", 1, $"{Pool}-heir"), ((string)task["state"]!, (int)task["losses"]!, (string)task["worker"]!));
        }
    }

    [Fact]
    public async Task A_worker_that_comes_back_under_its_id_begins_anew_at_once()
    {
        var agent = StartAgent("bot");
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 1_000 } });
        await Api.WaitForStateAsync(id, "running", Patience);
        await agent.KillAsync();
        StartAgent("bot");
        await Api.WaitForStateAsync(id, "succeeded", Patience);

        var outcomes = (await Api.EventsAsync(id)).Where(step => step["outcome"] is not null).Select(step => (string)step["outcome"]!);
        Assert.Equal(["interrupted", "succeeded"], outcomes);
        Assert.Equal(0, (int)(await Api.TaskAsync(id))["losses"]!);
    }

    [Fact]
    public async Task An_agent_that_is_asked_to_stop_finishes_what_it_has()
    {
        var agent = StartAgent("bot");
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 1_000 } });
        await Api.WaitForStateAsync(id, "running", Patience);

        await agent.SignalAsync("TERM");

        Assert.Equal(0, await agent.WaitForExitAsync(Patience));
        await Api.WaitForStateAsync(id, "succeeded");
        await WaitForWorkerAsync("bot", worker => (string?)worker["liveness"] == "offline", "is offline");
    }

    [Fact]
    public async Task A_worker_that_polls_completes_tasks()
    {
        StartAgent("poller", slots: 4, "--transport", "http");
        var ids = await SubmitManyAsync(50, new { payload = new { hello = "world" } });

        var states = await Api.WaitForAllAsync(ids, Patience);

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        Assert.Equal("world", (string?)(await Api.TaskAsync(ids[0]))["result"]!["hello"]);
    }

    [Fact]
    public async Task Only_the_latest_attempt_with_its_token_counts()
    {
        var bot = await BotAsync("bot");
        var id = await SubmitAsync();
        var given = await bot.StartNextAsync();

        Assert.Equal((HttpStatusCode.Conflict, "stale-attempt"), await bot.ReportAsync(given, "succeed", new { token = "1-1" }));
        Assert.Equal((HttpStatusCode.Conflict, "stale-attempt"), await bot.ReportAsync(given with { Attempt = 2 }, "succeed", new { token = given.Token }));
        await bot.FailAsync(given, retryAfter: "1ms");
        var second = await bot.StartNextAsync();
        Assert.Equal((HttpStatusCode.Conflict, "stale-attempt"), await bot.ReportAsync(given, "succeed", new { token = given.Token }));

        await bot.SucceedAsync(second, new { by = "the second" });
        await bot.SucceedAsync(second, new { by = "the second" });
        Assert.Equal("the second", (string?)(await Api.TaskAsync(id))["result"]!["by"]);
    }
}
