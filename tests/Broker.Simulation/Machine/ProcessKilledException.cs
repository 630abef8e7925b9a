namespace Broker.Simulation;

/// <summary>Ends the execution of a process that was killed inside a call; nobody may act on it.</summary>
internal sealed class ProcessKilledException(string process) : Exception($"{process} was killed.");
