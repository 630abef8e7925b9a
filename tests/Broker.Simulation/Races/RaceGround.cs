using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>One leader on a sound network and some lanes, in each of which one race follows the other.</summary>
internal sealed class RaceGround
{
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a worker is lost.</summary>
    public static readonly TimeSpan LostAfter = 3 * BeatInterval + TimeSpan.FromSeconds(5);

    private readonly SimulatedDatabase _database;
    private readonly Faults _faults;
    private readonly Journal _journal;
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private int _running;

    private RaceGround(int seed)
    {
        Simulator = new Simulator(seed);
        _journal = new Journal(Simulator);
        _faults = new Faults(new RunOptions(seed)) { IsHealed = true };
        _database = new SimulatedDatabase(Simulator, _faults, Checker, _journal);
        Broker = new SimulatedBroker(Simulator, _faults, Checker, _journal);
        _database.Put(new PoolSettings { Name = "default", HeartbeatInterval = BeatInterval });
    }

    public Simulator Simulator { get; }
    public SimulatedBroker Broker { get; }
    public Checker Checker { get; } = new();

    /// <param name="races">Over all lanes, about.</param>
    public static RaceResult Run(RaceKind kind, int seed, int races)
    {
        var ground = new RaceGround(seed);
        // Few are silent at a time: a mass dying is doubted, and that is another story.
        var lanes = kind == RaceKind.RegisterAgainstLost ? 4 : 20;
        new SchedulerHost(ground.Simulator, ground.Broker, ground._database, ground._faults, ground.Checker, ground._journal, "s1", TimeSpan.FromSeconds(1)).Start();
        for (var i = 0; i < lanes; i++) ground.Open(kind, i, (races + lanes - 1) / lanes);
        var isOver = ground.Simulator.RunUntil(
            () => ground.Checker.Violation is not null || ground._running == 0, Simulator.Epoch + TimeSpan.FromDays(1));
        if (!isOver) ground.Checker.World.Report("R1", $"a race has no end at {ground.Simulator.Now:HH:mm:ss.fff}");
        if (ground.Simulator.Escape is { } escape) ground.Checker.World.Report("X2", $"the product left the simulated thread: {escape}");

        var violation = ground.Checker.Violation;
        return new RaceResult(kind, seed, ground._outcomes, violation, violation is null ? "" : ground._journal.Recent(violation.Task, violation.Worker, 60));
    }

    /// <summary>A race is over.</summary>
    public void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;

    public void Close() => _running--;

    private void Open(RaceKind kind, int number, int races)
    {
        Lane lane = kind switch
        {
            RaceKind.CancelAgainstComplete => new CancelLane(this, number, races),
            RaceKind.DrainAgainstOffer => new DrainLane(this, number, races),
            _ => new RegisterLane(this, number, races),
        };
        _running++;
        Simulator.After(Simulator.Milliseconds(0, 100), lane.Begin);
    }
}
