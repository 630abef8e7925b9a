namespace Broker.Chaos;

/// <summary>An unfinished task as the last event left it.</summary>
internal sealed record SeenTask(string State, int Attempt, string? Worker);

/// <summary>An attempt somebody had at some moment.</summary>
internal readonly record struct HeldAttempt(Guid Task, int Attempt);

/// <summary>The leadership row.</summary>
/// <param name="HolderPid">The process that leads; empty before the first.</param>
/// <param name="BackendPid">The database's process for the connection that commits.</param>
internal sealed record SeenLeadership(int Epoch, long Turn, string HolderPid, int BackendPid);
