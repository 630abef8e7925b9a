namespace Broker.Chaos;

/// <summary>Collects violations and finds the lines that prove them.</summary>
internal sealed class Findings(RunHistory history, int listLimit)
{
    /// <summary>Of each kind, the latest.</summary>
    private const int ProofLimit = 8;

    private readonly List<Violation> _violations = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly Lazy<ILookup<Guid, RecordedTaskEvent>> _events = new(() => history.TaskEvents.ToLookup(row => row.Task));
    private readonly Lazy<ILookup<Guid, HistoryLine>> _lines =
        new(() => history.Lines.Where(line => line.Task is not null).ToLookup(line => line.Task!.Value));

    public IReadOnlyList<Violation> Violations => _violations;
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <param name="seq">Only events up to this one are proof; null for all.</param>
    public void Add(string invariant, string what, Guid? task = null, string? worker = null, long? seq = null)
    {
        var count = _counts[invariant] = _counts.GetValueOrDefault(invariant) + 1;
        if (count <= listLimit) _violations.Add(new Violation(invariant, what, task, worker, Proof(task, worker, seq)));
    }

    private List<string> Proof(Guid? task, string? worker, long? seq)
    {
        var proof = new List<string>();
        if (task is { } id)
        {
            var rows = _events.Value[id].Where(row => !(row.Seq > seq)).TakeLast(ProofLimit);
            proof.AddRange(rows.Select(HistoryJson.Write));
            proof.AddRange(_lines.Value[id].TakeLast(ProofLimit).Select(HistoryJson.Write));
        }
        if (worker is not null)
        {
            var rows = history.FleetEvents.Where(row => row.Worker == worker && !(row.Seq > seq)).TakeLast(ProofLimit);
            proof.AddRange(rows.Select(HistoryJson.Write));
        }
        return proof;
    }
}
