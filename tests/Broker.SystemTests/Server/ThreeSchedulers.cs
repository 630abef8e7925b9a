namespace Broker.SystemTests;

/// <summary>A Broker with two standbys and agents, whose leader tests take away; each gives back what it took.</summary>
public sealed class ThreeSchedulers : IAsyncLifetime
{
    public ServerBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Broker = await ServerBroker.StartAsync(schedulers: 3);
        Broker.StartAgent("bot-1", slots: 8);
        Broker.StartAgent("bot-2", slots: 8);
        var first = await Broker.Api.SubmitAsync(new { type = "echo" });
        await Broker.Api.WaitForStateAsync(first, "succeeded", TimeSpan.FromSeconds(60));
    }

    public ValueTask DisposeAsync() => Broker is null ? ValueTask.CompletedTask : Broker.DisposeAsync();
}
