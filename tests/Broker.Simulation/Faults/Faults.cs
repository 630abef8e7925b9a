namespace Broker.Simulation;

/// <summary>What goes wrong in a run: how often, and where the leader dies next. Drawn from the seed.</summary>
internal sealed class Faults
{
    private readonly Simulator _simulator;
    private readonly double _storeTrouble;
    private readonly double _wireTrouble;
    private CrashPoint? _armed;
    private int _calls;

    public Faults(Simulator simulator, PlantedBug? planted = null)
    {
        _simulator = simulator;
        Planted = planted;
        _storeTrouble = simulator.Chance(0.5) ? simulator.Random.NextDouble() * 0.06 : 0;
        _wireTrouble = simulator.Chance(0.7) ? simulator.Random.NextDouble() * 0.15 : 0;
    }

    /// <summary>Null outside the tests of the simulation itself.</summary>
    public PlantedBug? Planted { get; }

    /// <summary>From now on nothing goes wrong any more.</summary>
    public bool IsHealed { get; set; }

    /// <summary>Crash points that were armed and hit.</summary>
    public List<CrashPoint> Hits { get; } = [];

    public int Unavailable { get; private set; }
    public int UnknownCommits { get; private set; }
    public int LostOnWire { get; private set; }
    public int Duplicates { get; private set; }

    public StoreFate NextStoreFate(bool isCommit)
    {
        if (IsHealed || !_simulator.Chance(_storeTrouble)) return StoreFate.Good;

        var fate = isCommit ? (StoreFate)_simulator.Random.Next(1, 5) : StoreFate.Unavailable;
        if (fate == StoreFate.Unavailable) Unavailable++;
        else UnknownCommits++;
        return fate;
    }

    public void CountUnavailable() => Unavailable++;

    public bool LosesOnWire()
    {
        var loses = !IsHealed && _simulator.Chance(_wireTrouble);
        if (loses) LostOnWire++;
        return loses;
    }

    public bool Duplicated()
    {
        var doubles = !IsHealed && _simulator.Chance(_wireTrouble);
        if (doubles) Duplicates++;
        return doubles;
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
        return true;
    }

    public ProcessKilledException Kill(SimulatedProcess process)
    {
        process.Kill();
        Killed?.Invoke(process);
        return new ProcessKilledException(process.Name);
    }

    public event Action<SimulatedProcess>? Killed;
}
