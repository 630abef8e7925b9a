namespace Broker.Agent;

/// <summary>A handler that did not stop when its session was over.</summary>
/// <param name="Cost">Slots it takes.</param>
/// <param name="Run">Completes when it has returned.</param>
internal sealed record Straggler(int Cost, Task Run);
