using Broker.Storage;

namespace Broker.Simulation;

/// <summary>An offer as it was committed.</summary>
internal sealed record CheckedLease(CheckedTask Task, int Attempt, FenceToken Token, string Worker, string Session);
