namespace Broker.SystemTests;

/// <summary>The main job on the running system: real processes, real RabbitMQ, real PostgreSQL.</summary>
public class ServerModeTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Runs_a_task_and_records_every_step()
    {
        await using var broker = await ServerBroker.StartAsync();
        broker.StartAgent("bot-1");

        var id = await broker.Api.SubmitAsync(new { type = "echo", payload = new { hello = "world" } });
        await broker.Api.WaitForStateAsync(id, "succeeded", Long);

        var task = await broker.Api.TaskAsync(id);
        Assert.Equal("world", (string?)task["result"]!["hello"]);
        Assert.Equal("bot-1", (string?)task["worker"]);
        var steps = (await broker.Api.EventsAsync(id)).Select(step => (string)step["event"]!).ToList();
        Assert.Equal(["submitted", "offered", "attempt-ended"], steps.Where(step => step != "started"));
    }

    [Fact]
    public async Task Goes_strictly_by_priority_then_arrival()
    {
        await using var broker = await ServerBroker.StartAsync();
        var random = new Random(1);
        var tasks = Enumerable.Range(0, 1_000).Select(_ => new { type = "echo", priority = random.Next(10) }).ToList();
        var ids = await broker.Api.SubmitAllAsync(tasks);
        await broker.Api.WaitForStateAsync(ids[^1], "queued");

        broker.StartAgent("one-slot", slots: 1);
        await broker.Api.WaitForAllAsync(ids, TimeSpan.FromSeconds(120));

        var expected = ids.Zip(tasks).Select((item, place) => (item.First, item.Second.priority, place))
            .OrderByDescending(item => item.priority).ThenBy(item => item.place).Select(item => item.First);
        var offered = new List<(long Offer, string Id)>();
        foreach (var id in ids)
            offered.Add(((long)(await broker.Api.EventsAsync(id)).Single(step => (string?)step["event"] == "offered")["offer"]!, id));
        Assert.Equal(expected, offered.Order().Select(item => item.Id));
    }

    [Fact]
    public async Task Loses_nothing_when_each_process_is_killed_in_turn()
    {
        await using var broker = await ServerBroker.StartAsync();
        var scheduler = broker.StartScheduler();
        var agent = broker.StartAgent("bot-1", slots: 8);
        broker.StartAgent("bot-2", slots: 8);
        var ids = await broker.Api.SubmitAllAsync(Enumerable.Range(0, 2_000).Select(_ => new { type = "sleep", payload = new { ms = 20 } }));

        await agent.KillAsync();
        broker.StartAgent("bot-1", slots: 8);
        await scheduler.KillAsync();
        broker.StartScheduler();

        var states = await broker.Api.WaitForAllAsync(ids, TimeSpan.FromSeconds(120));
        Assert.Equal(2_000, states.Count);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
    }
}
