using System.Threading.Channels;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>An agent's link over the simulated RabbitMQ. Each end notices by itself, and in its own time, that it broke.</summary>
internal sealed class SimulatedLink : IWorkerLink
{
    private static readonly TimeSpan ConfirmLimit = TimeSpan.FromSeconds(10);

    private readonly Simulator _simulator;
    private readonly SimulatedBroker _broker;
    private readonly SimulatedProcess _process;
    private readonly Journal _journal;
    private readonly AgentLife _life;
    private readonly Channel<object> _incoming = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true });
    private readonly WorkerConsumer _consumer;
    private readonly List<WorkerDelivery> _unsettled = [];
    private readonly Queue<WorkerDelivery> _arrived = new();
    private readonly List<TaskCompletionSource> _underWay = [];
    private WorkerQueue _queue = null!;
    private bool _isAttached;
    private Way _severed;
    private bool _isClosed;

    public SimulatedLink(Simulator simulator, SimulatedBroker broker, SimulatedProcess process, Journal journal, AgentLife life)
    {
        (_simulator, _broker, _process, _journal, _life) = (simulator, broker, process, journal, life);
        _consumer = new WorkerConsumer(Take, QueueDeleted, Drop);
    }

    private bool CanSend => (_severed & Way.Out) == 0;

    private bool CanHear => (_severed & Way.In) == 0;

    public ChannelReader<object> Incoming => _incoming.Reader;

    /// <summary>False if there is no such queue.</summary>
    public bool Open(string worker)
    {
        _queue = _broker.QueueOf(worker);
        _isAttached = true;
        return _queue.Consume(_consumer);
    }

    public Task SendAsync(object message, CancellationToken cancellationToken)
    {
        _process.ThrowIfDead();
        if (message is ReportMessage reports)
        {
            foreach (var report in reports.Reports) _journal.Add(reports.Kind, _life.Worker, report.Task, report.Attempt, report.Token);
            _life.Said(reports);
        }
        if (message is InventoryMessage inventory) _life.Listed(inventory);
        return PublishAsync(_broker.Reports, message);
    }

    public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken)
    {
        _process.ThrowIfDead();
        return PublishAsync(_broker.Beats, beat);
    }

    public ValueTask DisposeAsync()
    {
        _process.ThrowIfDead();
        Break();
        if (CanSend) _simulator.After(_simulator.Milliseconds(0.1, 5), Detach);
        return ValueTask.CompletedTask;
    }

    /// <summary>Both ends give it up sooner or later, also if only one direction is gone.</summary>
    public void Sever(Way blocked)
    {
        _severed = blocked;
        _simulator.After(_simulator.Between(TimeSpan.Zero, SimulatedConnection.HeartbeatLimit), () => _process.Do(Break));
        _simulator.After(_simulator.Between(TimeSpan.Zero, SimulatedConnection.HeartbeatLimit), Detach);
    }

    public void Drop()
    {
        Detach();
        _process.Do(Break);
    }

    /// <summary>RabbitMQ sees that the connection is gone: what was not acknowledged goes to the next consumer.</summary>
    public void Detach()
    {
        if (!_isAttached) return;

        _isAttached = false;
        _queue.Cancel(_consumer, _unsettled);
    }

    /// <summary>The agent sees that the connection is gone.</summary>
    private void Break()
    {
        _isClosed = true;
        _incoming.Writer.TryComplete();
        foreach (var call in _underWay.ToList()) call.TrySetException(new LinkBrokenException("The connection broke."));
    }

    private void QueueDeleted()
    {
        _isAttached = false;
        if (CanHear) _process.Do(Break);
    }

    private void Take(WorkerDelivery delivery)
    {
        _unsettled.Add(delivery);
        if (!CanHear) return;

        // One connection: nothing overtakes, in whatever order the process gets to it.
        _arrived.Enqueue(delivery);
        _process.Do(Receive);
    }

    private void Receive()
    {
        var delivery = _arrived.Dequeue();
        if (!_incoming.Writer.TryWrite(delivery.Body)) return;

        // Acknowledgements may gather; those that are late are lost if the connection breaks meanwhile, and it comes again.
        var isLate = _simulator.Chance(0.1);
        _simulator.After(_simulator.Milliseconds(0.1, isLate ? 10_000 : 2), () =>
        {
            if (_isAttached && CanSend) _unsettled.Remove(delivery);
        });
    }

    private async Task PublishAsync(SharedQueue queue, object body)
    {
        if (_isClosed) throw new LinkBrokenException("The connection is closed.");

        var confirmed = new TaskCompletionSource();
        _underWay.Add(confirmed);
        var limit = _simulator.After(ConfirmLimit, () => _process.Do(Break));
        if (CanSend)
            _broker.Publish(queue, body, () =>
            {
                if (CanHear) _process.Do(() => confirmed.TrySetResult());
            });
        try
        {
            await confirmed.Task;
        }
        finally
        {
            limit.Cancel();
            _underWay.Remove(confirmed);
        }
    }
}
