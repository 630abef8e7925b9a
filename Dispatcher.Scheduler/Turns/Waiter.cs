namespace Broker.Scheduler;

/// <summary>A client that waits until one of its tasks has finished.</summary>
internal sealed class Waiter(IReply reply, IReadOnlyList<Guid> tasks)
{
    public IReply Reply => reply;
    public IReadOnlyList<Guid> Tasks => tasks;

    /// <summary>Answered; a later finish or the timeout means nothing.</summary>
    public bool IsDone { get; set; }
}

/// <summary>Who waits for which task. Memory only: after a takeover clients ask again.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<Guid, List<Waiter>> _byTask = [];
    private readonly Dictionary<IReply, Waiter> _byReply = [];

    public int Count => _byReply.Count;

    /// <summary>A command decided again, after its turn was discarded, takes the place of its first try.</summary>
    public void Add(Waiter waiter)
    {
        if (_byReply.TryGetValue(waiter.Reply, out var before)) Remove(before);
        _byReply[waiter.Reply] = waiter;
        foreach (var task in waiter.Tasks)
        {
            if (!_byTask.TryGetValue(task, out var waiters)) _byTask[task] = waiters = [];
            waiters.Add(waiter);
        }
    }

    public IReadOnlyList<Waiter> Of(Guid task) => _byTask.TryGetValue(task, out var waiters) ? waiters : [];

    public void Remove(Waiter waiter)
    {
        if (waiter.IsDone) return;

        waiter.IsDone = true;
        _byReply.Remove(waiter.Reply);
        foreach (var task in waiter.Tasks)
            if (_byTask.TryGetValue(task, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0) _byTask.Remove(task);
    }

    public IEnumerable<Waiter> All() => _byReply.Values;
}
