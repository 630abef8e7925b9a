namespace Broker.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="Violation">The first broken rule; null if none was.</param>
/// <param name="Steps">Continuations and timers that ran.</param>
/// <param name="Drain">Simulated time from healing to the last task's end.</param>
internal sealed record RunResult(RunOptions Options, Violation? Violation, long Steps, TimeSpan Drain, World World, Faults Faults);
