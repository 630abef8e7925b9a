namespace Broker.Bench;

/// <summary>Systems of different size side by side, each with bursts in turn with the others, so that a machine that is slower for a
/// while is so for all. Those whose turn it is not are idle.</summary>
internal sealed class Rivals(string grows) : IAsyncDisposable
{
    private readonly List<(int Size, BrokerSystem Broker)> _systems = [];

    public IReadOnlyList<(int Size, BrokerSystem Broker)> Systems => _systems;

    /// <summary>Starts one and warms it up.</summary>
    public async Task<BrokerSystem> AddAsync(int size, FleetPlan fleet, BurstPlan burst, BenchServers servers, CancellationToken cancellationToken)
    {
        var broker = new BrokerSystem($"{size:N0} {grows}", fleet, servers);
        _systems.Add((size, broker));
        await broker.StartAsync(cancellationToken);
        await broker.BurstAsync(burst, cancellationToken);
        return broker;
    }

    public async Task<List<ScaleRow>> MeasureAsync(BurstPlan burst, int rounds, CancellationToken cancellationToken)
    {
        // Uncounted: what was restarted or filled meanwhile is cold.
        foreach (var (_, broker) in _systems) await broker.BurstAsync(burst, cancellationToken);
        var samples = _systems.ToDictionary(system => system.Broker, _ => new List<BurstSample>());
        for (var round = 0; round < rounds; round++)
            foreach (var (_, broker) in _systems) samples[broker].Add(await BurstSample.MeasureAsync(broker, burst, cancellationToken));
        return [.. _systems.Select(system => ScaleRow.Of(grows, system.Size, samples[system.Broker], ProcessMemory.Of(system.Broker.SchedulerId)))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, broker) in _systems) await broker.DisposeAsync();
    }
}
