namespace Broker.Chaos;

/// <summary>A fault that will be done.</summary>
/// <param name="At">From the start of the load.</param>
/// <param name="RunAsync">Chooses a victim, does it, undoes it, and waits for the repair.</param>
internal sealed record PlannedFault(TimeSpan At, FaultCategory Category, string Kind, int Seed, Func<FaultRun, Task> RunAsync);
