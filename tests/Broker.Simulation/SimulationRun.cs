using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>One run: a load, a fleet, schedulers and faults drawn from a seed; then everything heals, drains and is checked.</summary>
internal sealed class SimulationRun
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(30);

    private readonly Simulator _simulator;
    private readonly Checker _checker = new();
    private readonly Faults _faults;
    private readonly SimulatedBroker _broker;
    private readonly SimulatedProducer _producer;
    private readonly SimulatedPeople _people;
    private readonly Recruiter _recruiter;
    private readonly List<IWorkerHost> _workers = [];
    private readonly List<SchedulerHost> _hosts = [];
    private readonly Nemesis _nemesis;
    private (long, int, int) _looked;

    public SimulationRun(RunOptions options)
    {
        Options = options;
        Shape = LoadShape.Draw(options);
        Schedule = FaultPlan.Draw(Chances.Stream(options.Seed, "faults"), Shape.Length, Shape.Workers, options.Point);
        _simulator = new Simulator(options.Seed);
        Journal = new Journal(_simulator);
        _faults = new Faults(options);
        var database = new SimulatedDatabase(_simulator, _faults, _checker, Journal);
        _broker = new SimulatedBroker(_simulator, _faults, _checker, Journal);
        _recruiter = new Recruiter(_simulator, _broker, database, _checker, Journal, Shape, options);
        foreach (var pool in new[] { "default", "render" }) database.Put(_recruiter.PoolOf(pool));
        for (var i = 0; i < Shape.Workers; i++) _workers.Add(_recruiter.Hire(i));

        _producer = new SimulatedProducer(_simulator, _broker, _checker, Journal, Shape, options.Seed);
        _people = new SimulatedPeople(Chances.Stream(options.Seed, "people"), _broker, _checker, _producer, _workers);
        for (var i = 1; i <= Shape.Schedulers; i++)
            _hosts.Add(new SchedulerHost(_simulator, _broker, database, _faults, _checker, Journal, $"s{i}", Shape.Standby));
        foreach (var host in _hosts) _faults.Killed += host.Died;
        _nemesis = new Nemesis(_simulator, _faults, database, _broker, _hosts, _workers, Journal);
    }

    public RunOptions Options { get; }

    public LoadShape Shape { get; }

    /// <summary>All faults the seed has, also those left out.</summary>
    public IReadOnlyList<PlannedFault> Schedule { get; }

    public Journal Journal { get; }

    /// <summary>Runs to the end or to the first broken rule.</summary>
    public RunResult Run()
    {
        foreach (var host in _hosts) host.Start();
        foreach (var worker in _workers) _simulator.After(_simulator.Milliseconds(0, 3_000), worker.Start);
        ReviewRegularly();
        PlanLoad();
        _nemesis.Begin([.. Schedule.Where(fault => !Options.Without.Contains(fault.Number))]);

        _simulator.RunUntil(() => _checker.Violation is not null, Simulator.Epoch + Shape.Length);
        var healedAt = _simulator.Now;
        NoteStuck();
        if (_checker.Violation is null) Heal();
        var isDrained = _simulator.RunUntil(() => _checker.Violation is not null || IsDrained(), healedAt + DrainLimit);
        NoteStuck();
        if (!isDrained || _checker.Violation is null) _checker.Drained();
        if (_simulator.Escape is { } escape) _checker.World.Report("X2", $"the product left the simulated thread: {escape}");
        return new RunResult(Options, _checker.Violation, _simulator.Steps, _simulator.Now - healedAt, _checker.World, _faults);
    }

    private void PlanLoad()
    {
        var moments = Chances.Stream(Options.Seed, "moments");
        for (var left = Shape.Tasks; left > 0;)
        {
            var count = Math.Min(left, moments.Next(1, 6));
            left -= count;
            AtRandom(() => _producer.Submit(count));
        }
        for (var i = 0; i < 1 + Shape.Tasks / 10; i++) AtRandom(_producer.SubmitAgain);
        if (Options.Spared.HasFlag(Trouble.People)) return;

        for (var i = 0; i < 1 + Shape.Tasks / 4; i++) AtRandom(_people.DoSomething);

        void AtRandom(Action action) => _simulator.After(Shape.Length * moments.NextDouble(), action);
    }

    /// <summary>Nothing goes wrong any more, and there is somebody for every task.</summary>
    private void Heal()
    {
        Journal.Add("heals", "everything");
        _nemesis.Heal();
        _people.OpenEverything();
        foreach (var pool in Shape.Pools)
        {
            _people.Insist(new PutPool { Pool = _recruiter.PoolOf(pool) });
            foreach (var zone in new[] { "a", "b" }) _recruiter.HireHelper(pool, zone).Start();
        }
    }

    private bool IsDrained()
    {
        // Asked at every step; only these change the answer.
        var seen = (_checker.World.Turn, _checker.World.Accepted.Count, _broker.Submissions.Count);
        if (seen == _looked) return false;

        _looked = seen;
        foreach (var id in _checker.World.Accepted)
            if (!_checker.World.Tasks.TryGetValue(id, out var task) ? !_checker.World.Poisoned.Contains(id) : !TaskState.IsFinished(task.State))
                return false;
        return _broker.Submissions.Count == 0;
    }

    private void NoteStuck()
    {
        if (_simulator.IsStuck) _checker.World.Report("X4", $"{_simulator.Steps} steps, and no end at {_simulator.Now:HH:mm:ss.fff}");
    }

    private void ReviewRegularly() => _simulator.After(TimeSpan.FromSeconds(3), () =>
    {
        _broker.Review();
        ReviewRegularly();
    });
}
