using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>All queued tasks, a line per class, each in order of (priority, arrival).</summary>
internal sealed class Backlog
{
    private readonly Dictionary<TaskClass, BacklogLine> _lines = [];
    private readonly long[] _countByPriority = new long[Limits.HighestPriority + 1];

    public int Count { get; private set; }

    public IReadOnlyCollection<BacklogLine> Lines => _lines.Values;

    /// <summary>Queued tasks of each priority over all classes.</summary>
    public IReadOnlyList<long> CountByPriority => _countByPriority;

    public BacklogLine? LineOf(TaskClass taskClass) => _lines.GetValueOrDefault(taskClass);

    /// <summary>Puts a task in its place; one that was here before returns to it.</summary>
    public void Add(TaskRecord task)
    {
        if (!_lines.TryGetValue(task.Class, out var line)) _lines[task.Class] = line = new BacklogLine(task.Class);
        line.Add(task);
        Count++;
        _countByPriority[task.Priority]++;
    }

    /// <summary>Notes that a task left the queued state; true if its line is gone.</summary>
    public bool Left(TaskRecord task)
    {
        Count--;
        _countByPriority[task.Priority]--;

        var line = _lines[task.Class];
        line.Left(task);
        if (line.Count > 0) return false;

        _lines.Remove(task.Class);
        return true;
    }
}

/// <summary>The queued tasks of one class, by priority.</summary>
internal sealed class BacklogLine(TaskClass taskClass)
{
    private readonly BacklogLevel?[] _levels = new BacklogLevel?[Limits.HighestPriority + 1];
    private int _highest = -1;

    public TaskClass Class => taskClass;

    public int Count { get; private set; }

    /// <summary>The next to go. The line has at least one task.</summary>
    public TaskRecord Head
    {
        get
        {
            while (_levels[_highest] is not { Count: > 0 }) _highest--;
            return _levels[_highest]!.Head;
        }
    }

    /// <summary>The oldest queuing time among the live; exact unless a hundred tasks came back to one level.</summary>
    public DateTimeOffset OldestQueuedAt => Oldest.QueuedAt;

    /// <summary>The task that was queued first, whatever its priority. The line has at least one task.</summary>
    public TaskRecord Oldest =>
        _levels.Where(level => level is { Count: > 0 }).Select(level => level!.Oldest()).MinBy(task => task.QueuedAt)!;

    public int CountAt(int priority) => _levels[priority]?.Count ?? 0;

    /// <summary>Tasks of a level that arrived earlier; null if there are too many to count.</summary>
    public int? CountBefore(int priority, long seq) => _levels[priority] is { } level ? level.CountBefore(seq) : 0;

    internal void Add(TaskRecord task)
    {
        (_levels[task.Priority] ??= new BacklogLevel()).Add(task);
        _highest = Math.Max(_highest, task.Priority);
        Count++;
    }

    internal void Left(TaskRecord task)
    {
        _levels[task.Priority]!.Left();
        Count--;
    }
}
