namespace Broker.Simulation;

/// <summary>What goes wrong in a run beside the scheduled faults, where the leader dies next, and what was seen of all that.</summary>
internal sealed class Faults
{
    private readonly Random _random;
    private readonly double _storeTrouble;
    private readonly double _wireTrouble;
    private CrashPoint? _armed;
    private int _calls;

    public Faults(RunOptions options)
    {
        _random = Chances.Stream(options.Seed, "trouble");
        Planted = options.Planted;
        var store = _random.Chance(0.5) ? _random.NextDouble() * 0.06 : 0;
        var wire = _random.Chance(0.7) ? _random.NextDouble() * 0.15 : 0;
        _storeTrouble = options.Spared.HasFlag(Trouble.Store) ? 0 : store;
        _wireTrouble = options.Spared.HasFlag(Trouble.Network) ? 0 : wire;
    }

    /// <summary>Null outside the tests of the simulation itself.</summary>
    public PlantedBug? Planted { get; }

    /// <summary>From now on nothing goes wrong any more.</summary>
    public bool IsHealed { get; set; }

    /// <summary>Crash points that were armed and hit.</summary>
    public List<CrashPoint> Hits { get; } = [];

    /// <summary>Scheduled faults that met somebody.</summary>
    public Dictionary<FaultKind, int> Bites { get; } = [];

    public int Unavailable { get; private set; }
    public int UnknownCommits { get; private set; }
    public int LostOnWire { get; private set; }
    public int Duplicates { get; private set; }
    public int Late { get; private set; }

    public StoreFate NextStoreFate(bool isCommit)
    {
        if (IsHealed || !_random.Chance(_storeTrouble)) return StoreFate.Good;

        var fate = isCommit ? (StoreFate)_random.Next(1, 5) : StoreFate.Unavailable;
        if (fate == StoreFate.Unavailable) Unavailable++;
        else UnknownCommits++;
        return fate;
    }

    public void CountUnavailable() => Unavailable++;

    public void CountUnknown() => UnknownCommits++;

    public bool LosesOnWire()
    {
        var loses = !IsHealed && _random.Chance(_wireTrouble);
        if (loses) LostOnWire++;
        return loses;
    }

    public bool Duplicated()
    {
        var doubles = !IsHealed && _random.Chance(_wireTrouble);
        if (doubles) Duplicates++;
        return doubles;
    }

    /// <summary>How long a message travels: mostly milliseconds, now and then so long that others overtake it.</summary>
    public TimeSpan Travel()
    {
        if (IsHealed || !_random.Chance(_wireTrouble / 2)) return _random.Milliseconds(0.1, 4);

        Late++;
        return _random.Milliseconds(4, 3_000);
    }

    /// <summary>The next leader that comes to this point dies there.</summary>
    /// <param name="afterCalls">For points inside a list: how many items it gets through before.</param>
    public void Arm(CrashPoint point, int afterCalls) => (_armed, _calls) = (point, afterCalls);

    /// <summary>Kills the process if it is at the armed point, and throws.</summary>
    public void Reach(CrashPoint point, SimulatedProcess process)
    {
        if (Hit(point)) throw Kill(process);
    }

    /// <summary>Whether the armed point is this one; then it is used up.</summary>
    public bool Hit(CrashPoint point)
    {
        if (_armed != point || _calls-- > 0) return false;

        _armed = null;
        Hits.Add(point);
        Bit(FaultKind.LeaderDies);
        return true;
    }

    public void Bit(FaultKind kind) => Bites[kind] = Bites.GetValueOrDefault(kind) + 1;

    public ProcessKilledException Kill(SimulatedProcess process)
    {
        process.Kill();
        Killed?.Invoke(process);
        return new ProcessKilledException(process.Name);
    }

    public event Action<SimulatedProcess>? Killed;
}
