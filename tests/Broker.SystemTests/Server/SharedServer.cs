[assembly: AssemblyFixture(typeof(Broker.SystemTests.SharedServer))]

namespace Broker.SystemTests;

/// <summary>One running Broker for all tests that don't disturb each other: each works in a pool of its own.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly Lazy<Task<ServerBroker>> _broker = new(() => ServerBroker.StartAsync());

    /// <summary>Started by the first test that asks.</summary>
    public Task<ServerBroker> StartedAsync() => _broker.Value;

    public async ValueTask DisposeAsync()
    {
        if (_broker.IsValueCreated) await (await _broker.Value).DisposeAsync();
    }
}
