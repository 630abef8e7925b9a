using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>A message in a worker's queue; compared by identity, as it may lie there twice.</summary>
internal sealed class WorkerDelivery(WorkerMessage message, DateTimeOffset expiresAt)
{
    public object Body => message.Body;
    public DateTimeOffset ExpiresAt => expiresAt;
}
