using System.Buffers.Binary;
using Broker.Contracts;

namespace Broker.Storage;

/// <summary>Merges pages of active and finished, timed and keyed tasks into one list, newest first.</summary>
/// <remarks>
/// A timed id sorts by its own time, so its primary key is the list's index and its time stands for its creation. Keyed ids
/// have a small index by creation. Each source looks at a bounded number of rows and says how far it has seen everything;
/// only what lies above the nearest of these frontiers is certain, and the page ends there.
/// </remarks>
internal static class TaskPages
{
    /// <summary>Rows one source looks at for a page; some 10 ms.</summary>
    public const int ScanRows = 10_000;

    /// <param name="Frontier">Everything at or above it was seen; null if everything was.</param>
    public sealed record Source(List<TaskView> Hits, TaskCursor? Frontier);

    public static TaskPage Merge(IEnumerable<Source> sources, int limit)
    {
        var all = sources.ToList();
        var frontier = all.Where(source => source.Frontier is not null).Select(source => source.Frontier!.Value)
            .OrderDescending(Order).Cast<TaskCursor?>().FirstOrDefault();
        var certain = all.SelectMany(source => source.Hits)
            .Where(task => frontier is not { } end || Order.Compare(KeyOf(task.Task), end) >= 0)
            .OrderByDescending(task => KeyOf(task.Task), Order).Take(limit + 1).ToList();
        if (certain.Count <= limit) return new TaskPage(certain, frontier);

        certain.RemoveAt(limit);
        return new TaskPage(certain, KeyOf(certain[^1].Task));
    }

    public static TaskCursor KeyOf(TaskRecord task) => new(TaskId.TimeOf(task.Id) ?? task.CreatedAt, task.Id);

    /// <summary>The timed ids to look at: from the first, below the second.</summary>
    public static (Guid From, Guid Before) TimedRange(TaskFilter filter)
    {
        var before = filter.CreatedBefore is { } end ? FirstId(end) : FirstKeyedId;
        var from = filter.CreatedAfter is { } start ? FirstId(start) : Guid.Empty;
        if (filter.Cursor is { } cursor)
        {
            // A keyed task sorts before the timed ones of its millisecond, because its id is larger.
            var below = TaskId.IsKeyed(cursor.Id) ? FirstId(cursor.CreatedAt.AddTicks(1)) : cursor.Id;
            if (below < before) before = below;
        }
        return (from, before);
    }

    /// <summary>The keyed tasks to look at: created from the first, below the second in the order of the list.</summary>
    public static (DateTimeOffset From, TaskCursor Before) KeyedRange(TaskFilter filter)
    {
        var before = new TaskCursor(filter.CreatedBefore ?? DateTimeOffset.MaxValue, Guid.Empty);
        if (filter.Cursor is { } cursor && Order.Compare(cursor, before) < 0) before = cursor;
        return (filter.CreatedAfter ?? DateTimeOffset.UnixEpoch, before);
    }

    public static readonly Guid FirstKeyedId = new([TaskId.KeyedMark, .. new byte[15]], bigEndian: true);

    /// <summary>Guids compare as their big-endian bytes do, like in both databases.</summary>
    private static readonly Comparer<TaskCursor> Order = Comparer<TaskCursor>.Create((a, b) =>
        a.CreatedAt != b.CreatedAt ? a.CreatedAt.CompareTo(b.CreatedAt) : a.Id.CompareTo(b.Id));

    /// <summary>The smallest id of the first millisecond that begins at or after the moment.</summary>
    private static Guid FirstId(DateTimeOffset moment)
    {
        var ticks = Math.Max(0, moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks);
        var milliseconds = (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
