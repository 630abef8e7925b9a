using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>How many active tasks of a class are in which state.</summary>
internal sealed class ClassTally(TaskClass taskClass)
{
    private static readonly string[] States =
        [TaskState.Queued, TaskState.Offered, TaskState.Running, TaskState.Canceling, TaskState.Retrying];

    private readonly int[] _counts = new int[States.Length];

    public TaskClass Class => taskClass;

    public int Total { get; private set; }

    public IEnumerable<(string State, int Count)> Counts => States.Zip(_counts);

    public void Count(string state, int change)
    {
        _counts[Array.IndexOf(States, state)] += change;
        Total += change;
    }
}
