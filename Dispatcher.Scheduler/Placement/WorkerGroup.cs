using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>What makes workers alike for placement. Among workers of equal slots the least loaded also has the most room,
/// so a group's first worker answers for all of it.</summary>
/// <param name="Reserve">Second tier: activated reserve workers.</param>
/// <param name="Types">Types they handle, joined; null for everything.</param>
/// <param name="Labels">Those of their labels that some class requires, joined.</param>
internal sealed record GroupKey(string Pool, bool Reserve, int Slots, string? Types, string Labels);

/// <summary>Usable workers that are alike, in order of preference.</summary>
internal sealed class WorkerGroup(GroupKey key, Worker sample)
{
    private static readonly IComparer<Worker> ByPreference = Comparer<Worker>.Create(static (a, b) =>
    {
        var byLoad = a.SlotsUsed.CompareTo(b.SlotsUsed);
        if (byLoad != 0) return byLoad;

        var byTurn = a.LastChosen.CompareTo(b.LastChosen);
        return byTurn != 0 ? byTurn : string.CompareOrdinal(a.Id, b.Id);
    });

    private readonly HashSet<string>? _types = sample.Record.Types?.ToHashSet();
    private readonly IReadOnlyDictionary<string, string> _labels = sample.Record.Labels;
    private readonly SortedSet<Worker> _workers = new(ByPreference);

    public GroupKey Key => key;

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
        if (key.Pool != taskClass.Pool || (_types is not null && !_types.Contains(taskClass.Type))) return false;

        foreach (var (name, value) in taskClass.Requires)
            if (!_labels.TryGetValue(name, out var has) || has != value) return false;
        return true;
    }
}
