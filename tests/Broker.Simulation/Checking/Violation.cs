namespace Broker.Simulation;

/// <summary>A rule that was broken, by its id in the list of invariants.</summary>
internal sealed record Violation(string Rule, string What, Guid? Task = null, string? Worker = null);
