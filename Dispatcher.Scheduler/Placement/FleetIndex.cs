using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>The usable workers, indexed so that the least loaded one for a class is found without looking at all.</summary>
/// <remarks>A class sees the groups that serve it; a group keeps its workers in order. A choice costs the number of kinds of
/// workers, a change O(log n). Labels split groups only once a class requires them, so a label unique to each worker costs nothing.</remarks>
internal sealed class FleetIndex
{
    /// <summary>Required labels that are remembered; more come only from requirements made up at random.</summary>
    private const int RequiredLimit = 10_000;

    private readonly Dictionary<GroupKey, WorkerGroup> _groups = [];
    private readonly Dictionary<Worker, WorkerGroup> _groupOf = [];
    private readonly HashSet<KeyValuePair<string, string>> _required = [];
    private readonly Dictionary<TaskClass, List<WorkerGroup>> _serving = [];
    private long _choices;

    /// <summary>Replaces the worker's record and puts it where it belongs, or takes it out if it can't be used.</summary>
    public void Change(Worker worker, WorkerRecord record)
    {
        Remove(worker);
        worker.Record = record;
        if (worker.IsUsable) Add(worker);
    }

    public void Remove(Worker worker)
    {
        if (!_groupOf.Remove(worker, out var group)) return;

        group.Remove(worker);
        if (group.Count > 0) return;

        _groups.Remove(group.Key);
        _serving.Clear();
    }

    /// <summary>The worker got a task: it is fuller, and goes last among equals.</summary>
    public void Take(Worker worker, TaskRecord task)
    {
        var group = _groupOf.GetValueOrDefault(worker);
        group?.Remove(worker);
        worker.Hold(task);
        worker.LastChosen = ++_choices;
        group?.Add(worker);
    }

    /// <summary>The worker has a task no more.</summary>
    public void Give(Worker worker, TaskRecord task)
    {
        var group = _groupOf.GetValueOrDefault(worker);
        group?.Remove(worker);
        worker.LetGo(task);
        group?.Add(worker);
    }

    /// <summary>The groups whose workers may run the class, active ones first.</summary>
    public IReadOnlyList<WorkerGroup> Serving(TaskClass taskClass)
    {
        if (_serving.TryGetValue(taskClass, out var groups)) return groups;

        SplitBy(taskClass.Requires);
        groups = [.. _groups.Values.Where(group => group.Serves(taskClass)).OrderBy(group => group.Key.Reserve)];
        return _serving[taskClass] = groups;
    }

    /// <summary>Forgets a class that has no tasks any more.</summary>
    public void Forget(TaskClass taskClass) => _serving.Remove(taskClass);

    private void Add(Worker worker)
    {
        var record = worker.Record;
        var labels = record.Labels.Where(_required.Contains).OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        var key = new GroupKey(record.Pool, record.Role == Contracts.WorkerRole.Reserve, record.Slots,
            record.Types is { } types ? Join(types.Order(StringComparer.Ordinal)) : null,
            Join(labels.Select(label => Join([label.Key, label.Value]))));
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new WorkerGroup(key, record.Types?.ToHashSet(), labels.ToDictionary());
            _serving.Clear();
        }
        group.Add(worker);
        _groupOf[worker] = group;
    }

    /// <summary>No text that came through a door holds a NUL, so that different lists never join alike.</summary>
    private static string Join(IEnumerable<string> parts) => string.Join('\0', parts);

    private void SplitBy(IReadOnlyList<KeyValuePair<string, string>> requires)
    {
        if (_required.Count + requires.Count > RequiredLimit)
        {
            _required.Clear();
            _serving.Clear();
        }
        foreach (var pair in requires)
        {
            if (!_required.Add(pair)) continue;

            foreach (var worker in _groupOf.Keys.Where(worker => worker.Record.Labels.Contains(pair)).ToList())
            {
                Remove(worker);
                Add(worker);
            }
        }
    }
}
