namespace Broker.Simulation;

/// <summary>Somebody who consumes a worker's queue.</summary>
/// <param name="take">Gets each delivery.</param>
/// <param name="canceled">The queue was deleted.</param>
/// <param name="broken">The server was killed: the connection is gone, and the consumer with it.</param>
internal sealed class WorkerConsumer(Action<WorkerDelivery> take, Action canceled, Action broken)
{
    public void Take(WorkerDelivery delivery) => take(delivery);

    public void Cancel() => canceled();

    public void Break() => broken();
}
