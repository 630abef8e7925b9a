namespace Broker.SystemTests;

/// <summary>Who gets which task, and what is said to those that wait.</summary>
public sealed class PlacementTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task A_task_goes_only_where_its_labels_are()
    {
        await BotAsync("plain", new { slots = 10 });
        await BotAsync("gpu", new { slots = 3, labels = new { gpu = "a100", zone = "b" } });

        foreach (var id in await SubmitManyAsync(3, new { requires = new { gpu = "a100" } })) Assert.Equal("gpu", await OfferedToAsync(id));

        var nowhere = await WhyWaitsAsync(await SubmitAsync(new { requires = new { gpu = "h100" } }), "no-eligible-worker");
        Assert.Equal(2, (int)nowhere["workers"]!);
        Assert.Equal(2, (int)nowhere["missing"]!["label gpu=h100"]!);
    }

    [Fact]
    public async Task A_task_goes_only_where_its_type_is_handled()
    {
        await BotAsync("echo", new { slots = 10, types = new[] { "echo" } });
        await BotAsync("both", new { slots = 2, types = new[] { "echo", "sleep" } });

        foreach (var id in await SubmitManyAsync(2, new { type = "sleep" })) Assert.Equal("both", await OfferedToAsync(id));

        var nowhere = await WhyWaitsAsync(await SubmitAsync(new { type = "dance" }), "no-eligible-worker");
        Assert.Equal(2, (int)nowhere["missing"]!["type dance"]!);
    }

    [Fact]
    public async Task A_costly_task_waits_for_room_and_smaller_ones_pass_it()
    {
        var bot = await BotAsync("three", new { slots = 3 });
        var first = await SubmitAsync(new { cost = 2 });
        await OfferedToAsync(first);

        var costly = await SubmitAsync(new { cost = 2 });
        var room = await WhyWaitsAsync(costly, "waiting-for-room");
        Assert.Equal((2, 3, 2), ((int)room["slotsUsed"]!, (int)room["slotsTotal"]!, (int)room["cost"]!));

        await OfferedToAsync(await SubmitAsync(new { cost = 1 }));
        var full = await WhyWaitsAsync(await SubmitAsync(new { cost = 1 }), "pool-full");
        Assert.Equal((3, 3), ((int)full["slotsUsed"]!, (int)full["slotsTotal"]!));

        await bot.SucceedAsync(await bot.StartNextAsync());
        Assert.Equal("three", await OfferedToAsync(costly));
        var tooCostly = await WhyWaitsAsync(await SubmitAsync(new { cost = 4 }), "no-eligible-worker");
        Assert.Equal(1, (int)tooCostly["missing"]!["4 slots"]!);
    }

    [Fact]
    public async Task Explains_who_goes_first_and_why_a_worker_was_chosen()
    {
        await BotAsync("busy");
        var running = await SubmitAsync();
        await OfferedToAsync(running);
        var ids = await SubmitManyAsync(5, new { priority = 7 });
        var last = await SubmitAsync();
        await WhyWaitsAsync(last, "pool-full");

        var reasons = (await Api.GetAsync($"/v1/tasks/{last}/explain"))["reasons"]!.AsArray();
        Assert.Equal(5, (int)reasons.Single(reason => (string)reason!["code"]! == "priority")!["ahead"]!);
        var first = (await Api.GetAsync($"/v1/tasks/{ids[0]}/explain"))["reasons"]!.AsArray();
        Assert.DoesNotContain(first, reason => (string)reason!["code"]! == "priority");
        var placement = (await Api.GetAsync($"/v1/tasks/{running}/explain"))["placement"]!;
        Assert.Equal(($"{Pool}-busy", 0.0, 1), ((string)placement["worker"]!, (double)placement["load"]!, (int)placement["eligible"]!));
    }

    [Fact]
    public async Task Nobody_there_is_explained_as_such()
    {
        var nobody = await WhyWaitsAsync(await SubmitAsync(), "no-eligible-worker");

        Assert.Equal(0, (int)nobody["workers"]!);
    }

    [Fact]
    public async Task Every_offer_goes_to_a_least_loaded_worker()
    {
        var slots = new Dictionary<string, int> { [$"{Pool}-one"] = 1, [$"{Pool}-three"] = 3, [$"{Pool}-eight"] = 8 };
        foreach (var (id, count) in slots) Broker.StartAgent(id, count, "--pool", Pool, "--max-batch", $"{count}");
        foreach (var id in slots.Keys) await WaitForWorkerAsync(id[(Pool.Length + 1)..], worker => worker["liveness"] is not null, "is there", Patience);

        var random = new Random(2);
        var ids = await Api.SubmitAllAsync(Enumerable.Range(0, 600).Select(_ => (object)new
        {
            type = "sleep",
            pool = Pool,
            cost = random.Next(10) == 0 ? 3 : 1,
            payload = new { ms = random.Next(20) },
        }));
        await Api.WaitForAllAsync(ids, Patience);

        var costs = new Dictionary<string, int>();
        var events = new List<RecordedStep>();
        foreach (var id in ids)
        {
            costs[id] = (int)(await Api.TaskAsync(id))["cost"]!;
            events.AddRange((await Api.EventsAsync(id)).Select(step => RecordedStep.Of(id, step)));
        }
        Assert.Equal(600, LeastLoadReplay.Check(slots, costs, events));
    }
}
