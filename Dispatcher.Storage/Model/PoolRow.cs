using Broker.Contracts;

namespace Broker.Storage;

/// <summary>A pool's row: its settings as JSON.</summary>
internal sealed class PoolRow
{
    public required string Name { get; init; }
    public required PoolSettings Settings { get; init; }
}
