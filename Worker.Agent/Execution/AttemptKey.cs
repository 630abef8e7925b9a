namespace Broker.Agent;

/// <summary>One run of a task.</summary>
internal readonly record struct AttemptKey(Guid Task, int Attempt);
