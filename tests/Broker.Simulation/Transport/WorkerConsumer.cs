namespace Broker.Simulation;

/// <summary>Somebody who consumes a worker's queue.</summary>
/// <param name="take">Gets each delivery.</param>
/// <param name="canceled">The queue was deleted.</param>
internal sealed class WorkerConsumer(Action<WorkerDelivery> take, Action canceled)
{
    public void Take(WorkerDelivery delivery) => take(delivery);

    public void Cancel() => canceled();
}
