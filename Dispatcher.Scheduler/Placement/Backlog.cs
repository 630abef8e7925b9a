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
        line.Left();
        if (line.Count > 0) return false;

        _lines.Remove(task.Class);
        return true;
    }
}

/// <summary>The queued tasks of one class.</summary>
internal sealed class BacklogLine(TaskClass taskClass)
{
    private readonly PriorityQueue<TaskRecord, Rank> _tasks = new();

    public TaskClass Class => taskClass;

    public int Count { get; private set; }

    /// <summary>Why its head waited in the last turn that tried; null if it did not have to.</summary>
    public WaitReason? Waits { get; set; }

    /// <summary>The next to go. The line has at least one task.</summary>
    public TaskRecord Head
    {
        get
        {
            // Tasks that left are skipped here instead of being searched for when they leave.
            while (!IsLive(_tasks.Peek())) _tasks.Dequeue();
            return _tasks.Peek();
        }
    }

    /// <summary>The oldest queuing time among the live; a bounded look, exact for short lines.</summary>
    public DateTimeOffset OldestQueuedAt()
    {
        var oldest = Head.QueuedAt;
        var looked = 0;
        foreach (var (task, _) in _tasks.UnorderedItems)
        {
            if (++looked > 1_000) break;
            if (IsLive(task) && task.QueuedAt < oldest) oldest = task.QueuedAt;
        }
        return oldest;
    }

    /// <summary>Takes the head out, to be offered.</summary>
    public TaskRecord TakeHead()
    {
        var head = Head;
        _tasks.Dequeue();
        return head;
    }

    internal void Add(TaskRecord task)
    {
        _tasks.Enqueue(task, Rank.Of(task));
        Count++;
    }

    internal void Left()
    {
        Count--;
        if (_tasks.Count > 1_024 && _tasks.Count > 2 * (Count + 1)) DropDead();
    }

    private void DropDead()
    {
        var live = _tasks.UnorderedItems.Where(item => IsLive(item.Element)).Distinct().ToList();
        _tasks.Clear();
        _tasks.EnqueueRange(live);
    }

    private static bool IsLive(TaskRecord task) => task.State == TaskState.Queued;
}

/// <summary>Order in the backlog: higher priority first, then arrival.</summary>
internal readonly record struct Rank(int BelowHighest, long Seq) : IComparable<Rank>
{
    public static Rank Of(TaskRecord task) => new(Limits.HighestPriority - task.Priority, task.Seq);

    public int CompareTo(Rank other)
    {
        var byPriority = BelowHighest.CompareTo(other.BelowHighest);
        return byPriority != 0 ? byPriority : Seq.CompareTo(other.Seq);
    }
}
