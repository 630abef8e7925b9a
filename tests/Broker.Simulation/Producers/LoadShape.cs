namespace Broker.Simulation;

/// <summary>What kinds of tasks and workers a run has.</summary>
internal sealed record LoadShape(IReadOnlyList<string> Pools, IReadOnlyList<string> Types, int Workers, int Tasks, TimeSpan Length);
