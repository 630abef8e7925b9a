namespace Broker.Bench;

/// <summary>Competing consumers on one queue, as RabbitMQ serves them: in turn those that have credit; one that got its credit
/// back goes last. A worker is one consumer and acknowledges a task when it is done.</summary>
/// <param name="prefetch">Unacknowledged tasks a worker may have for each of its slots. Whichever of its slots is free takes the next.</param>
internal sealed class SharedQueue(ContenderContext context, int prefetch) : IContender
{
    private readonly Queue<UnevenTask> _tasks = new();
    private readonly Queue<UnevenWorker> _ready = new(context.Fleet);
    private readonly int[] _credit = [.. context.Fleet.Select(worker => worker.Slots * prefetch)];

    public void Submit(UnevenTask task)
    {
        _tasks.Enqueue(task);
        Deliver();
    }

    public void Finished(UnevenWorker worker, UnevenTask task)
    {
        if (_credit[worker.Number]++ == 0) _ready.Enqueue(worker);
        Deliver();
    }

    private void Deliver()
    {
        while (_tasks.Count > 0 && _ready.TryDequeue(out var worker))
        {
            context.Send(worker, _tasks.Dequeue());
            if (--_credit[worker.Number] > 0) _ready.Enqueue(worker);
        }
    }
}
