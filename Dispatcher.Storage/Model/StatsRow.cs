namespace Broker.Storage;

/// <summary>The leader's last statistics.</summary>
internal sealed class StatsRow
{
    public int Shard { get; init; }

    /// <summary>JSON text.</summary>
    public required string Data { get; init; }
}
