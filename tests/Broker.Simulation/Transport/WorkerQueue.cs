using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>One worker's own queue: in order, at least once, offers expire, gone when deleted.</summary>
internal sealed class WorkerQueue(Simulator simulator, Faults faults)
{
    private static readonly TimeSpan OfferTtl = TimeSpan.FromSeconds(45);

    private readonly LinkedList<(WorkerMessage Message, DateTimeOffset ExpiresAt)> _messages = [];
    private Action<object>? _consumer;
    private Action? _canceled;
    private bool _isDelivering;

    public bool Exists { get; private set; }

    public void Declare() => Exists = true;

    /// <summary>An operator deletes it, or it was unused for too long.</summary>
    public void Delete()
    {
        Exists = false;
        _messages.Clear();
        var canceled = _canceled;
        Cancel();
        canceled?.Invoke();
    }

    public void Add(WorkerMessage message)
    {
        var expiresAt = message.Body is OfferMessage ? simulator.Now + OfferTtl : DateTimeOffset.MaxValue;
        _messages.AddLast((message, expiresAt));
        if (faults.Duplicated()) _messages.AddLast((message, expiresAt));
        Deliver();
    }

    /// <summary>False if there is no such queue.</summary>
    public bool Consume(Action<object> consumer, Action canceled)
    {
        if (!Exists) return false;

        (_consumer, _canceled) = (consumer, canceled);
        Deliver();
        return true;
    }

    public void Cancel() => (_consumer, _canceled) = (null, null);

    private void Deliver()
    {
        if (_isDelivering || _consumer is null || _messages.Count == 0) return;

        _isDelivering = true;
        simulator.After(simulator.Milliseconds(0.1, 5), () =>
        {
            _isDelivering = false;
            while (_messages.First is { } first && first.Value.ExpiresAt <= simulator.Now) _messages.RemoveFirst();
            if (_consumer is not null && _messages.First is { } next)
            {
                _messages.RemoveFirst();
                _consumer(next.Value.Message.Body);
            }
            Deliver();
        });
    }
}
