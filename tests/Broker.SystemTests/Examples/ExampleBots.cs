using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>The programs in <c>examples/</c>.</summary>
internal static class ExampleBots
{
    private static readonly string Examples = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../examples"));
    private static readonly Lazy<Task> NodePackages = new(InstallNodePackagesAsync);

    public static async Task<BrokerProcess> StartNodeAsync(ServerBroker broker, string pool, string id, int slots = 2)
    {
        await NodePackages.Value;
        return Start(broker, "node", Path.Combine(Examples, "node", "bot.mjs"), pool, id, slots);
    }

    public static BrokerProcess StartPython(ServerBroker broker, string pool, string id, int slots = 2) =>
        Start(broker, "/usr/bin/python3", Path.Combine(Examples, "python", "bot.py"), pool, id, slots);

    private static BrokerProcess Start(ServerBroker broker, string program, string script, string pool, string id, int slots) =>
        broker.StartProgram(program, [script], new Dictionary<string, string>
        {
            ["BROKER_API"] = broker.Address.ToString(),
            ["BROKER_RABBITMQ"] = broker.RabbitMq.ToString(),
            ["BROKER_WORKER_ID"] = id,
            ["BROKER_POOL"] = pool,
            ["BROKER_SLOTS"] = $"{slots}",
        });

    private static async Task InstallNodePackagesAsync()
    {
        var node = Path.Combine(Examples, "node");
        if (Directory.Exists(Path.Combine(node, "node_modules"))) return;

        await using var npm = BrokerProcess.Start("npm", ["ci", "--no-audit", "--no-fund", "--prefix", node]);
        Assert.True(await npm.WaitForExitAsync(TimeSpan.FromMinutes(2)) == 0, npm.Output);
    }
}
