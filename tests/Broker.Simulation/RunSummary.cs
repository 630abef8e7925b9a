namespace Broker.Simulation;

/// <summary>Adds up what runs did and what hit them.</summary>
internal sealed class RunSummary
{
    private readonly SortedDictionary<string, List<int>> _failures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<FaultKind, int> _bites = [];
    private long _steps, _turns, _tasks, _attempts, _leaderships;
    private long _unknown, _refused, _lost, _doubled, _late;
    private double _drain, _longestDrain;

    public int Seeds { get; private set; }

    public int Failed { get; private set; }

    public IReadOnlyDictionary<FaultKind, int> Bites => _bites;

    public IReadOnlySet<CrashPoint> Points => _points;

    private readonly HashSet<CrashPoint> _points = [];

    public void Add(RunResult result)
    {
        Seeds++;
        _steps += result.Steps;
        _turns += result.World.Turn;
        _tasks += result.World.Tasks.Count;
        _attempts += result.World.Leases.Count;
        _leaderships += result.World.AcquiredEpoch;
        _unknown += result.Faults.UnknownCommits;
        _refused += result.Faults.Unavailable;
        _lost += result.Faults.LostOnWire;
        _doubled += result.Faults.Duplicates;
        _late += result.Faults.Late;
        _drain += result.Drain.TotalSeconds;
        _longestDrain = Math.Max(_longestDrain, result.Drain.TotalSeconds);
        _points.UnionWith(result.Faults.Hits);
        foreach (var (kind, count) in result.Faults.Bites) _bites[kind] = _bites.GetValueOrDefault(kind) + count;
        if (result.Violation is not { } violation) return;

        Failed++;
        if (!_failures.TryGetValue(violation.Rule, out var seeds)) _failures[violation.Rule] = seeds = [];
        seeds.Add(result.Options.Seed);
    }

    /// <summary>Faults that met somebody, and seeds that failed by rule.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Join(", ", _bites.Select(bite => $"{bite.Key} {bite.Value}"));
        foreach (var (rule, seeds) in _failures) yield return $"{rule}: {seeds.Count} ({string.Join(' ', seeds.Order().Take(10))})";
    }

    public override string ToString() =>
        $"{_steps} steps ({_steps / Math.Max(1, Seeds)} a seed), {_turns} turns, {_tasks} tasks, {_attempts} attempts, {_leaderships} leaderships, "
        + $"{_unknown} unknown commits, {_refused} refusals, {_lost} lost, {_doubled} doubled and {_late} late messages, "
        + $"drained in {_drain / Math.Max(1, Seeds):0} s (at most {_longestDrain:0} s)";
}
