namespace Broker.Bench;

internal sealed record BurstRow(string System, string Workload, string Durability, Samples TasksPerSecond);
