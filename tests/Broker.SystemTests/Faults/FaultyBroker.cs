using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A running Broker with an agent, on servers of its own that its tests may harm. One test at a time; each leaves it whole.</summary>
public sealed class FaultyBroker : IAsyncLifetime
{
    public PrivateServers Servers { get; private set; } = null!;

    public ServerBroker Broker { get; private set; } = null!;

    /// <summary>The only worker.</summary>
    public BrokerProcess Bot { get; private set; } = null!;

    public ApiClient Api => Broker.Api;

    public async ValueTask InitializeAsync()
    {
        Servers = await PrivateServers.StartAsync(BrokerServer.RabbitMq, BrokerServer.Postgres);
        Broker = await ServerBroker.StartAsync(servers: Servers);
        Bot = Broker.StartAgent("bot", slots: 8);
        await RunOneAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Hands in an urgent task again and again until it is taken, and waits until it has succeeded.</summary>
    public async Task RunOneAsync(TimeSpan limit)
    {
        var (_, body) = await Eventually.Async(
            () => Api.TryPostAsync("/v1/tasks", new { type = "echo", priority = 9 }), answer => (int)answer.Status == 202, "a task is taken", limit);
        try
        {
            await Api.WaitForStateAsync((string)body["id"]!, "succeeded", limit);
        }
        catch (TimeoutException exception)
        {
            var held = await Api.GetAsync("/v1/tasks?state=offered&state=running");
            throw new TimeoutException($"{exception.Message}\n{await Api.GetAsync("/v1/workers/bot")}\n{held}\n{Broker.Output}", exception);
        }
    }

    public async Task<int> ConsumersOfAsync(string queue)
    {
        var rows = await Servers.RabbitMqCtlAsync("list_queues", "--silent", "--no-table-headers", "name", "consumers");
        return rows.Split('\n').Select(row => row.Split('\t')).Where(row => row[0] == queue).Select(row => int.Parse(row[1])).SingleOrDefault();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Broker is not null) await Broker.DisposeAsync();
        }
        finally
        {
            if (Servers is not null) await Servers.DisposeAsync();
        }
    }
}
