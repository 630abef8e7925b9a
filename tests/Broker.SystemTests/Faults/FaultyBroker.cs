using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A running Broker with an agent, on servers of its own that its tests may harm. One test at a time; each leaves it whole.</summary>
public sealed class FaultyBroker : IAsyncLifetime
{
    public PrivateServers Servers { get; private set; } = null!;

    public ServerBroker Broker { get; private set; } = null!;

    public ApiClient Api => Broker.Api;

    public async ValueTask InitializeAsync()
    {
        Servers = await PrivateServers.StartAsync(BrokerServer.RabbitMq, BrokerServer.Postgres);
        Broker = await ServerBroker.StartAsync(servers: Servers);
        Broker.StartAgent("bot", slots: 8);
        await RunOneAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Hands in a task again and again until it is taken, and waits until it has succeeded.</summary>
    public async Task RunOneAsync(TimeSpan limit)
    {
        var (_, body) = await Eventually.Async(
            () => Api.TryPostAsync("/v1/tasks", new { type = "echo" }), answer => (int)answer.Status == 202, "a task is taken", limit);
        await Api.WaitForStateAsync((string)body["id"]!, "succeeded", limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (Broker is not null) await Broker.DisposeAsync();
        if (Servers is not null) await Servers.DisposeAsync();
    }
}
