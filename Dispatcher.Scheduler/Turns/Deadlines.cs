namespace Broker.Scheduler;

/// <summary>What a deadline is about. The number of an attempt, or a session, tells whether it is still meant.</summary>
internal abstract record Deadline
{
    private Deadline()
    {
    }

    /// <summary>The offer has not started.</summary>
    public sealed record OfferLease(Guid Task, int Attempt) : Deadline;

    /// <summary>The attempt has run as long as it may.</summary>
    public sealed record Timeout(Guid Task, int Attempt) : Deadline;

    /// <summary>The worker had its time to answer a cancel.</summary>
    public sealed record CancelGrace(Guid Task, int Attempt) : Deadline;

    /// <summary>The worker does not have it, and no report of it has come.</summary>
    public sealed record Missing(Guid Task, int Attempt) : Deadline;

    /// <summary>The back-off is over.</summary>
    public sealed record Retry(Guid Task, int Attempt) : Deadline;

    /// <summary>Time to look when the worker was last heard of.</summary>
    public sealed record Silence(string Worker, string Session) : Deadline;

    /// <summary>A drain's time is over.</summary>
    public sealed record Drain(string Worker, string Session) : Deadline;

    /// <summary>A waiting client's time is over.</summary>
    public sealed record Wait(Waiter Waiter) : Deadline;
}

/// <summary>Every moment the leader has to act by itself. Entries that no longer mean anything are skipped when due.</summary>
internal sealed class Deadlines
{
    private readonly PriorityQueue<Deadline, (DateTimeOffset At, long Order)> _heap = new();
    private long _order;
    private int _compactAt = 8_192;

    /// <summary>The next moment something may be due; null if nothing is.</summary>
    public DateTimeOffset? Next => _heap.TryPeek(out _, out var priority) ? priority.At : null;

    public int Count => _heap.Count;

    public void Add(DateTimeOffset at, Deadline deadline) => _heap.Enqueue(deadline, (at, _order++));

    /// <summary>Takes out what is due, oldest first.</summary>
    public bool TryTake(DateTimeOffset now, out Deadline deadline)
    {
        deadline = null!;
        if (!_heap.TryPeek(out _, out var priority) || priority.At > now) return false;

        deadline = _heap.Dequeue();
        return true;
    }

    /// <summary>Drops entries that no longer mean anything, once there are enough to pay for the look.</summary>
    public void Compact(Func<Deadline, bool> isMeant)
    {
        if (_heap.Count < _compactAt) return;

        var meant = _heap.UnorderedItems.Where(item => isMeant(item.Element)).ToList();
        _heap.Clear();
        _heap.EnqueueRange(meant);
        _compactAt = Math.Max(8_192, 2 * _heap.Count);
    }
}
