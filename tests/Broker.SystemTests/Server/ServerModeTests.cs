namespace Broker.SystemTests;

/// <summary>The main job on the running system: real processes, real RabbitMQ, real PostgreSQL.</summary>
public sealed class ServerModeTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task Runs_a_task_and_records_every_step()
    {
        StartAgent("bot");

        var id = await SubmitAsync(new { payload = new { hello = "world" } });
        await Api.WaitForStateAsync(id, "succeeded", Patience);

        var task = await Api.TaskAsync(id);
        Assert.Equal("world", (string?)task["result"]!["hello"]);
        Assert.Equal($"{Pool}-bot", (string?)task["worker"]);
        var steps = (await Api.EventsAsync(id)).Select(step => (string)step["event"]!).ToList();
        Assert.Equal(["submitted", "offered", "attempt-ended"], steps.Where(step => step != "started"));
    }

    [Fact]
    public async Task Goes_strictly_by_priority_then_arrival()
    {
        var random = new Random(1);
        var tasks = Enumerable.Range(0, 1_000).Select(_ => new { type = "echo", pool = Pool, priority = random.Next(10) }).ToList();
        var ids = new List<string>();
        foreach (var batch in tasks.Chunk(500))
        {
            // Arrival is when a task is recorded; messages that wait together may be recorded in either order.
            ids.AddRange(await Api.SubmitAllAsync(batch));
            await Api.WaitForStateAsync(ids[^1], "queued");
        }

        StartAgent("one-slot");
        await Api.WaitForAllAsync(ids, TimeSpan.FromSeconds(120));

        var expected = ids.Zip(tasks).Select((item, place) => (item.First, item.Second.priority, place))
            .OrderByDescending(item => item.priority).ThenBy(item => item.place).Select(item => item.First);
        var offered = new List<(long Offer, string Id)>();
        foreach (var id in ids)
            offered.Add(((long)(await Api.EventsAsync(id)).Single(step => (string?)step["event"] == "offered")["offer"]!, id));
        Assert.Equal(expected, offered.Order().Select(item => item.Id));
    }

    [Fact]
    public async Task Hashes_real_files()
    {
        StartAgent("bot-1", slots: 4, "--file-root", FileRun.Root);
        StartAgent("bot-2", slots: 4, "--file-root", FileRun.Root);

        await FileRun.CheckAsync((arguments, input) => Broker.StartCli([.. arguments, "--pool", Pool], input));
    }
}
