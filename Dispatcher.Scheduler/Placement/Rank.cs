using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Order over the whole backlog: higher priority first, then arrival.</summary>
internal readonly record struct Rank(int BelowHighest, long Seq) : IComparable<Rank>
{
    public static Rank Of(TaskRecord task) => new(Limits.HighestPriority - task.Priority, task.Seq);

    public int CompareTo(Rank other)
    {
        var byPriority = BelowHighest.CompareTo(other.BelowHighest);
        return byPriority != 0 ? byPriority : Seq.CompareTo(other.Seq);
    }
}
