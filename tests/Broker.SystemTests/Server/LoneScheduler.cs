namespace Broker.SystemTests;

/// <summary>A Broker with one scheduler and nobody to stand by, for tests that need to be alone with it.</summary>
public sealed class LoneScheduler : IAsyncLifetime
{
    public ServerBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await ServerBroker.StartAsync();

    public ValueTask DisposeAsync() => Broker is null ? ValueTask.CompletedTask : Broker.DisposeAsync();
}
