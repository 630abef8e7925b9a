namespace Broker.Chaos;

/// <summary>What a fault may use.</summary>
/// <param name="Cluster">Null in embedded mode.</param>
internal sealed record FaultContext(RunPlan Plan, ChaosCluster? Cluster, HistoryLog History, Probes Probes, MachineLag Lag)
{
    /// <summary>Faults that were begun and not repaired yet.</summary>
    public FaultsUnderWay UnderWay { get; } = new();
}
