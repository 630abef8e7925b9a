using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>One run: a load, a fleet, schedulers and faults drawn from a seed; then everything heals, drains and is checked.</summary>
internal sealed class SimulationRun
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(30);

    private readonly Simulator _simulator;
    private readonly Checker _checker = new();
    private readonly Faults _faults;
    private readonly SimulatedDatabase _database;
    private readonly SimulatedBroker _broker;
    private readonly SimulatedProducer _producer;
    private readonly SimulatedPeople _people;
    private readonly List<IWorkerHost> _workers = [];
    private readonly List<SchedulerHost> _hosts = [];
    private readonly Nemesis _nemesis;
    private readonly LoadShape _shape;
    private readonly int _seed;

    // Drawn apart, so that a seed's story without agents stays the same.
    private readonly Random _choice;
    private readonly double _agents;

    /// <param name="point">Where the leader dies again and again; null for a mixture of everything.</param>
    /// <param name="agents">Share of the AMQP workers that are real agents, 0–1; null: by the seed, for every second one all.</param>
    public SimulationRun(int seed, CrashPoint? point = null, int? workers = null, PlantedBug? planted = null, double? agents = null)
    {
        _seed = seed;
        _choice = new Random(seed);
        _agents = agents ?? Math.Min(1, _choice.Next(4) / 2.0);
        _simulator = new Simulator(seed);
        Journal = new Journal(_simulator);
        _faults = new Faults(_simulator, planted);
        _database = new SimulatedDatabase(_simulator, _faults, _checker, Journal);
        _broker = new SimulatedBroker(_simulator, _faults, _checker, Journal);

        var random = _simulator.Random;
        var pools = random.Next(3) == 0 ? ["default", "render", "nobody-made-it"] : new[] { "default", "render" };
        _shape = new LoadShape(pools, ["mail", "image", "crawl"], workers ?? 1 + (int)(30 * Math.Pow(random.NextDouble(), 2)),
            random.Next(10, 80), _simulator.Between(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)));
        foreach (var pool in new[] { "default", "render" }) _database.Put(PoolOf(pool));
        for (var i = 0; i < _shape.Workers; i++) _workers.Add(Hire(Profile($"w{i}", pools[random.Next(2)])));

        _producer = new SimulatedProducer(_simulator, _broker, _checker, Journal, _shape);
        _people = new SimulatedPeople(_simulator, _broker, _checker, _producer, _workers);
        for (var i = random.Next(1, 4); i > 0; i--) _hosts.Add(new SchedulerHost(_simulator, _broker, _database, _faults, _checker, Journal, $"s{i}"));
        foreach (var host in _hosts) _faults.Killed += host.Died;
        _nemesis = new Nemesis(_simulator, _faults, _database, _broker, _hosts, _workers, Journal, point);
    }

    public Journal Journal { get; }

    /// <summary>Runs to the end or to the first broken rule.</summary>
    public RunResult Run()
    {
        foreach (var host in _hosts) host.Start();
        foreach (var worker in _workers) _simulator.After(_simulator.Milliseconds(0, 3_000), worker.Start);
        ReviewRegularly();
        for (var left = _shape.Tasks; left > 0;)
        {
            var count = Math.Min(left, _simulator.Random.Next(1, 6));
            left -= count;
            AtRandom(() => _producer.Submit(count));
        }
        for (var i = 0; i < _shape.Tasks / 4; i++) AtRandom(_people.DoSomething);
        for (var i = 0; i < _shape.Tasks / 10; i++) AtRandom(_producer.SubmitAgain);
        _nemesis.Begin();

        _simulator.RunUntil(() => _checker.Violation is not null, Simulator.Epoch + _shape.Length);
        var healedAt = _simulator.Now;
        if (_simulator.IsStuck) _checker.World.Report("X4", $"{_simulator.Steps} steps, and no end at {_simulator.Now:HH:mm:ss.fff}");
        if (_checker.Violation is null) Heal();
        var isDrained = _simulator.RunUntil(() => _checker.Violation is not null || IsDrained(), healedAt + DrainLimit);
        if (_simulator.IsStuck) _checker.World.Report("X4", $"{_simulator.Steps} steps, and no end at {_simulator.Now:HH:mm:ss.fff}");
        if (!isDrained || _checker.Violation is null) _checker.Drained();
        if (_simulator.Escape is { } escape) _checker.World.Report("X2", $"the product left the simulated thread: {escape}");
        return new RunResult(_seed, _checker.Violation, _faults.Hits, _simulator.Steps, _simulator.Now - healedAt, _checker.World, _faults);
    }

    /// <summary>Nothing goes wrong any more, and there is somebody for every task.</summary>
    private void Heal()
    {
        Journal.Add("heals", "everything");
        _nemesis.Heal();
        _people.OpenEverything();
        foreach (var pool in _shape.Pools)
        {
            _people.Insist(new PutPool { Pool = PoolOf(pool) });
            foreach (var zone in new[] { "a", "b" })
            {
                var helper = Hire(Profile($"helper-{pool}-{zone}", pool) with
                {
                    Slots = 4,
                    Types = null,
                    Role = WorkerRole.Active,
                    Transport = WorkerTransport.Amqp,
                    Labels = new Dictionary<string, string> { ["zone"] = zone },
                });
                helper.Start();
            }
        }
    }

    private bool IsDrained()
    {
        foreach (var id in _checker.World.Accepted)
            if (!_checker.World.Tasks.TryGetValue(id, out var task) ? !_checker.World.Poisoned.Contains(id) : !TaskState.IsFinished(task.State))
                return false;
        return _broker.Submissions.Count == 0;
    }

    private void AtRandom(Action action) => _simulator.After(_shape.Length * _simulator.Random.NextDouble(), action);

    private void ReviewRegularly() => _simulator.After(TimeSpan.FromSeconds(1), () =>
    {
        _broker.Review();
        ReviewRegularly();
    });

    private static PoolSettings PoolOf(string name) => new()
    {
        Name = name,
        HeartbeatInterval = TimeSpan.FromSeconds(name == "render" ? 5 : 2),
        Retry = new RetrySettings { Base = TimeSpan.FromSeconds(1), Cap = TimeSpan.FromSeconds(5) },
        Reserve = new ReserveSettings
        {
            Policy = name == "render" ? ReservePolicyName.Target : ReservePolicyName.Gradual,
            BacklogAbove = 3,
            WaitAbove = TimeSpan.FromSeconds(5),
            CoolDown = TimeSpan.FromSeconds(10),
            Period = TimeSpan.FromSeconds(30),
            ReviewEvery = TimeSpan.FromSeconds(3),
        },
    };

    private RegisterWorker Profile(string id, string pool)
    {
        var random = _simulator.Random;
        return new RegisterWorker
        {
            Worker = id,
            Session = "",
            Pool = pool,
            Slots = random.Next(1, 6),
            Types = random.Next(4) == 0 ? ["mail", "image"] : null,
            Labels = random.Next(2) == 0 ? new Dictionary<string, string> { ["zone"] = random.Next(2) == 0 ? "a" : "b", ["host"] = id } : null,
            Role = random.Next(4) == 0 ? WorkerRole.Reserve : WorkerRole.Active,
            Transport = random.Next(5) == 0 ? WorkerTransport.Http : WorkerTransport.Amqp,
            MaxBatch = random.Next(3) == 0 ? 10 : 1,
        };
    }

    private IWorkerHost Hire(RegisterWorker profile)
    {
        if (profile.Transport == WorkerTransport.Http) return new HttpWorker(_simulator, _broker, _database, _checker, Journal, profile);

        return _choice.NextDouble() < _agents
            ? new AgentHost(_simulator, _broker, _checker, Journal, profile)
            : new AmqpWorker(_simulator, _broker, _checker, Journal, profile);
    }
}
