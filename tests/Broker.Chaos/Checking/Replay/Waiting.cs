namespace Broker.Chaos;

/// <summary>Queued tasks in their order, apart by what decides which workers may run them.</summary>
internal sealed class Waiting
{
    private static readonly Comparer<RecordedTask> ByOrder = Comparer<RecordedTask>.Create(static (a, b) =>
        a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority)
        : a.Seq != b.Seq ? a.Seq.CompareTo(b.Seq)
        : a.Id.CompareTo(b.Id));

    private readonly Dictionary<string, SortedSet<RecordedTask>> _lines = [];

    public void Track(ReplayedTask task)
    {
        if (task.Row is not { } row) return;
        if (task is { State: "queued", IsLive: false }) LineOf(row).Add(row);
        else LineOf(row).Remove(row);
    }

    public void Remove(ReplayedTask task)
    {
        if (task.Row is { } row) LineOf(row).Remove(row);
    }

    /// <summary>The first of each line, where it comes before this task.</summary>
    public IEnumerable<RecordedTask> HeadsBefore(RecordedTask task) =>
        _lines.Values.Select(line => line.Min).OfType<RecordedTask>().Where(head => ByOrder.Compare(head, task) < 0);

    private SortedSet<RecordedTask> LineOf(RecordedTask row)
    {
        var requires = row.Requires?.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}") ?? [];
        var key = string.Join('\0', [row.Pool, row.Type, $"{row.Cost}", .. requires]);
        if (!_lines.TryGetValue(key, out var line)) _lines[key] = line = new SortedSet<RecordedTask>(ByOrder);
        return line;
    }
}
