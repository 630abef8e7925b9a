using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>The bots of <c>examples/</c>, written from the protocol's document alone.</summary>
public sealed class ExampleBotTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task Bots_in_node_and_python_complete_tasks_next_to_an_agent()
    {
        var each = FullRun.Of(100, 1_000);
        await ExampleBots.StartNodeAsync(Broker, Pool, $"{Pool}-node");
        ExampleBots.StartPython(Broker, Pool, $"{Pool}-python");
        StartAgent("dotnet", slots: 2);
        foreach (var name in new[] { "node", "python", "dotnet" })
            await Eventually.Async(async () => (await Api.StatusOfAsync($"/v1/workers/{Pool}-{name}")).ToString(), status => status == "OK", $"{name} is there", Patience);

        // Which of them is faster depends on the machine: tasks go on until the slowest has had its share.
        var done = new Dictionary<string, int>();
        for (var round = 0; round < 10 && Slowest(done) < each; round++) await RunAsync(2 * each, done);
        Assert.True(Slowest(done) >= each, string.Join(", ", done));
    }

    private int Slowest(Dictionary<string, int> done) =>
        Math.Min(done.GetValueOrDefault($"{Pool}-node"), done.GetValueOrDefault($"{Pool}-python"));

    private async Task RunAsync(int count, Dictionary<string, int> done)
    {
        var ids = await SubmitManyAsync(count, new { payload = new { hello = "world" } });
        var states = await Api.WaitForAllAsync(ids, TimeSpan.FromMinutes(3));

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        foreach (var id in ids)
        {
            var task = await Api.TaskAsync(id);
            Assert.Equal("world", (string?)task["result"]!["hello"]);
            done[(string)task["worker"]!] = done.GetValueOrDefault((string)task["worker"]!) + 1;
        }
    }
}
