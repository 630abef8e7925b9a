namespace Broker.Chaos;

/// <summary>What clients handed in and were told.</summary>
internal sealed class Submits
{
    private readonly HashSet<Guid> _refused = [];

    public Submits(IEnumerable<HistoryLine> lines, IReadOnlyCollection<RecordedTask> rows)
    {
        var (invoked, answered, unsure) = (0, 0, 0);
        var openKeys = new HashSet<string>();
        var closedKeys = new HashSet<string>();
        foreach (var line in lines.Where(line => line.Op == HistoryOp.Submit))
        {
            var isAnswer = line.Phase is HistoryPhase.Ok or HistoryPhase.Fail;
            if (line is { Phase: HistoryPhase.Ok, Task: { } accepted }) Accept(line.Key, accepted);
            if (line is { Phase: HistoryPhase.Fail, Task: { } refused }) _refused.Add(refused);

            if (line.Key is { } key) (line.Phase == HistoryPhase.Ok ? closedKeys : openKeys).Add(key);
            else if (isAnswer) answered++;
            else if (line.Phase == HistoryPhase.Info) unsure++;
            else invoked++;
        }
        openKeys.ExceptWith(closedKeys);
        _refused.ExceptWith(Accepted);
        Unknown = openKeys.Count + Math.Max(invoked - answered, unsure);
        Unclaimed = rows.Count(row => !Accepted.Contains(row.Id));
    }

    public HashSet<Guid> Accepted { get; } = [];
    public IReadOnlyCollection<Guid> Refused => _refused;

    /// <summary>Tasks each key was answered with.</summary>
    public Dictionary<string, HashSet<Guid>> IdsByKey { get; } = [];

    /// <summary>Submits whose outcome no client knows, a key counted once.</summary>
    public int Unknown { get; }

    /// <summary>Recorded tasks no client was told of.</summary>
    public int Unclaimed { get; }

    private void Accept(string? key, Guid id)
    {
        Accepted.Add(id);
        if (key is null) return;

        if (!IdsByKey.TryGetValue(key, out var ids)) IdsByKey[key] = ids = [];
        ids.Add(id);
    }
}
