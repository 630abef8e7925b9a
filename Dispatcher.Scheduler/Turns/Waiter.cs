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

    public int Count { get; private set; }

    public void Add(Waiter waiter)
    {
        Count++;
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
        Count--;
        foreach (var task in waiter.Tasks)
            if (_byTask.TryGetValue(task, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0) _byTask.Remove(task);
    }

    public IEnumerable<Waiter> All() => _byTask.Values.SelectMany(waiters => waiters).Distinct();
}
