using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>One worker's own queue: in order, at least once, offers expire, gone when deleted.</summary>
internal sealed class WorkerQueue(Simulator simulator, Faults faults)
{
    private static readonly TimeSpan OfferTtl = TimeSpan.FromSeconds(45);

    private readonly LinkedList<WorkerDelivery> _messages = [];
    private readonly List<WorkerConsumer> _consumers = [];
    private bool _isDelivering;
    private int _turn;

    public bool Exists { get; private set; }

    public void Declare() => Exists = true;

    /// <summary>An operator deletes it, or it was unused for too long.</summary>
    public bool Delete()
    {
        if (!Exists) return false;

        Exists = false;
        _messages.Clear();
        WorkerConsumer[] canceled = [.. _consumers];
        _consumers.Clear();
        foreach (var consumer in canceled) consumer.Cancel();
        return true;
    }

    /// <summary>An operator empties it. False if there was nothing in it.</summary>
    public bool Purge()
    {
        var had = _messages.Count > 0;
        _messages.Clear();
        return had;
    }

    /// <summary>The server was killed: consumers give back what they had not acknowledged; a classic queue promises to keep nothing.</summary>
    public void Restart(bool keepsContent)
    {
        foreach (var consumer in _consumers.ToList()) consumer.Break();
        _consumers.Clear();
        if (!keepsContent) _messages.Clear();
    }

    public void Add(WorkerMessage message)
    {
        var expiresAt = message.Body is OfferMessage ? simulator.Now + OfferTtl : DateTimeOffset.MaxValue;
        _messages.AddLast(new WorkerDelivery(message, expiresAt));
        if (faults.Duplicated()) _messages.AddLast(new WorkerDelivery(message, expiresAt));
        Deliver();
    }

    /// <summary>False if there is no such queue. Consumers take turns, also with one whose connection is dead unnoticed.</summary>
    public bool Consume(WorkerConsumer consumer)
    {
        if (!Exists) return false;

        _consumers.Add(consumer);
        Deliver();
        return true;
    }

    /// <summary>The consumer is gone: what it had not acknowledged comes again, before the rest.</summary>
    public void Cancel(WorkerConsumer consumer, IReadOnlyList<WorkerDelivery> unsettled)
    {
        if (!_consumers.Remove(consumer)) return;

        for (var i = unsettled.Count - 1; i >= 0; i--) _messages.AddFirst(unsettled[i]);
        Deliver();
    }

    private void Deliver()
    {
        if (_isDelivering || _consumers.Count == 0 || _messages.Count == 0) return;

        _isDelivering = true;
        simulator.After(simulator.Milliseconds(0.1, 5), () =>
        {
            _isDelivering = false;
            while (_messages.First is { } first && first.Value.ExpiresAt <= simulator.Now) _messages.RemoveFirst();
            if (_consumers.Count > 0 && _messages.First is { } next)
            {
                _messages.RemoveFirst();
                _consumers[_turn++ % _consumers.Count].Take(next.Value);
            }
            Deliver();
        });
    }
}
