using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>What makes workers alike for placement. Among workers of equal slots the least loaded also has the most room,
/// so a group's first worker answers for all of it.</summary>
/// <param name="Reserve">Second tier: activated reserve workers.</param>
/// <param name="Types">Types they handle, joined; null for everything.</param>
/// <param name="Labels">Those of their labels that some class requires, joined.</param>
internal sealed record GroupKey(string Pool, bool Reserve, int Slots, string? Types, string Labels);

/// <summary>Usable workers that are alike, in order of preference.</summary>
/// <param name="types">Those of the key; null for everything.</param>
/// <param name="labels">Those of the key: other labels of a member say nothing about the rest.</param>
internal sealed class WorkerGroup(GroupKey key, IReadOnlySet<string>? types, IReadOnlyDictionary<string, string> labels)
{
    private static readonly IComparer<Worker> ByPreference = Comparer<Worker>.Create(static (a, b) =>
    {
        var byLoad = a.SlotsUsed.CompareTo(b.SlotsUsed);
        if (byLoad != 0) return byLoad;

        var byTurn = a.LastChosen.CompareTo(b.LastChosen);
        return byTurn != 0 ? byTurn : string.CompareOrdinal(a.Id, b.Id);
    });

    private readonly SortedSet<Worker> _workers = new(ByPreference);

    public GroupKey Key => key;

    public int Count => _workers.Count;

    /// <summary>Workers with at least one free slot.</summary>
    public int WithRoom { get; private set; }

    /// <summary>Lowest load, then least recently chosen, then smallest id; null in an empty group.</summary>
    public Worker? First => _workers.Min;

    public void Add(Worker worker)
    {
        _workers.Add(worker);
        if (worker.SlotsFree > 0) WithRoom++;
    }

    /// <summary>Must be called before the worker's load or turn changes: the order depends on them.</summary>
    public void Remove(Worker worker)
    {
        if (_workers.Remove(worker) && worker.SlotsFree > 0) WithRoom--;
    }

    public bool Serves(TaskClass taskClass)
    {
        if (key.Pool != taskClass.Pool || key.Slots < taskClass.Cost || (types is not null && !types.Contains(taskClass.Type)))
            return false;

        foreach (var (name, value) in taskClass.Requires)
            if (!labels.TryGetValue(name, out var has) || has != value) return false;
        return true;
    }
}
