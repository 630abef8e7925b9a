using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Queued tasks of one class and priority in order of arrival. Those that left are skipped when they come up
/// instead of being searched for when they leave; once they are the majority they are dropped.</summary>
internal sealed class BacklogLevel
{
    private const int FewTasks = 1_024;

    private readonly PriorityQueue<TaskRecord, long> _tasks = new();

    /// <summary>Tasks that are still queued.</summary>
    public int Count { get; private set; }

    /// <summary>The first to have arrived. The level has at least one task.</summary>
    public TaskRecord Head
    {
        get
        {
            while (!IsLive(_tasks.Peek())) _tasks.Dequeue();
            return _tasks.Peek();
        }
    }

    public void Add(TaskRecord task)
    {
        _tasks.Enqueue(task, task.Seq);
        Count++;
    }

    public void Left()
    {
        Count--;
        if (_tasks.Count > FewTasks && _tasks.Count > 2 * (Count + 1)) DropDead();
    }

    /// <summary>The one queued first. Usually the head; one that came back is younger than those behind it.</summary>
    public TaskRecord Oldest()
    {
        var oldest = Head;
        var looked = 0;
        foreach (var (task, _) in _tasks.UnorderedItems)
        {
            if (++looked > 100) break;
            if (IsLive(task) && task.QueuedAt < oldest.QueuedAt) oldest = task;
        }
        return oldest;
    }

    /// <summary>Tasks that arrived before; null if there are too many to count.</summary>
    public int? CountBefore(long seq)
    {
        if (_tasks.Count > 10 * FewTasks) return null;

        return _tasks.UnorderedItems.Where(item => IsLive(item.Element) && item.Priority < seq).DistinctBy(item => item.Priority).Count();
    }

    private void DropDead()
    {
        var live = _tasks.UnorderedItems.Where(item => IsLive(item.Element)).DistinctBy(item => item.Priority).ToList();
        _tasks.Clear();
        _tasks.EnqueueRange(live);
    }

    private static bool IsLive(TaskRecord task) => task.State == TaskState.Queued;
}
