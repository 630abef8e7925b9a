using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>The bots of <c>examples/</c>, written from the protocol's document alone.</summary>
public sealed class ExampleBotTests(SharedServer server) : PoolTests(server)
{
    private static readonly string Examples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../examples"));

    [Fact]
    public async Task Bots_in_node_and_python_complete_tasks_next_to_an_agent()
    {
        await InstallNodePackagesAsync();
        var each = FullRun.Of(100, 1_000);
        StartBot("node", "node", Path.Combine(Examples, "node", "bot.mjs"));
        StartBot("python", "/usr/bin/python3", Path.Combine(Examples, "python", "bot.py"));
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

    private void StartBot(string name, string program, string script) => Broker.StartProgram(program, [script], new Dictionary<string, string>
    {
        ["BROKER_API"] = Broker.Address.ToString(),
        ["BROKER_RABBITMQ"] = TestServices.RabbitMq.ToString(),
        ["BROKER_WORKER_ID"] = $"{Pool}-{name}",
        ["BROKER_POOL"] = Pool,
        ["BROKER_SLOTS"] = "2",
    });

    private static async Task InstallNodePackagesAsync()
    {
        var node = Path.Combine(Examples, "node");
        if (Directory.Exists(Path.Combine(node, "node_modules"))) return;

        await using var npm = BrokerProcess.Start("npm", ["ci", "--no-audit", "--no-fund", "--prefix", node]);
        Assert.True(await npm.WaitForExitAsync(TimeSpan.FromMinutes(2)) == 0, npm.Output);
    }
}
