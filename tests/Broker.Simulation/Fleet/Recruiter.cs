using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>Makes up pools and workers, and puts each worker on a machine of its kind.</summary>
internal sealed class Recruiter
{
    private readonly Simulator _simulator;
    private readonly SimulatedBroker _broker;
    private readonly SimulatedDatabase _database;
    private readonly Checker _checker;
    private readonly Journal _journal;
    private readonly LoadShape _shape;
    private readonly Random _random;
    private readonly double _agents;

    public Recruiter(
        Simulator simulator, SimulatedBroker broker, SimulatedDatabase database, Checker checker, Journal journal, LoadShape shape, RunOptions options)
    {
        (_simulator, _broker, _database, _checker, _journal, _shape) = (simulator, broker, database, checker, journal, shape);
        _random = Chances.Stream(options.Seed, "fleet");
        var agents = Math.Min(1, _random.Next(4) / 2.0);
        _agents = options.Agents ?? agents;
    }

    public IWorkerHost Hire(int number) => Hire(Profile($"w{number}", _random.Next(2) == 0 ? "default" : "render"));

    /// <summary>Somebody who can do everything of the pool, now that nothing goes wrong any more.</summary>
    public IWorkerHost HireHelper(string pool, string zone) => Hire(Profile($"helper-{pool}-{zone}", pool) with
    {
        Slots = 4,
        Types = null,
        Role = WorkerRole.Active,
        Transport = WorkerTransport.Amqp,
        Labels = new Dictionary<string, string> { ["zone"] = zone },
    });

    public PoolSettings PoolOf(string name) => new()
    {
        Name = name,
        HeartbeatInterval = name == "default" ? _shape.Beat : 2 * _shape.Beat,
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

    private RegisterWorker Profile(string id, string pool) => new()
    {
        Worker = id,
        Session = "",
        Pool = pool,
        Slots = _random.Next(1, 6),
        Types = _random.Next(4) == 0 ? ["mail", "image"] : null,
        Labels = _random.Next(2) == 0 ? new Dictionary<string, string> { ["zone"] = _random.Next(2) == 0 ? "a" : "b", ["host"] = id } : null,
        Role = _random.Next(4) == 0 ? WorkerRole.Reserve : WorkerRole.Active,
        Transport = _random.Next(5) == 0 ? WorkerTransport.Http : WorkerTransport.Amqp,
        MaxBatch = _random.Next(3) == 0 ? 10 : 1,
    };

    private IWorkerHost Hire(RegisterWorker profile)
    {
        if (profile.Role == WorkerRole.Reserve) _checker.World.Reserves.Add(profile.Worker);
        if (profile.Transport == WorkerTransport.Http) return new HttpWorker(_simulator, _broker, _database, _checker, _journal, profile);

        return _random.NextDouble() < _agents
            ? new AgentHost(_simulator, _broker, _checker, _journal, profile)
            : new AmqpWorker(_simulator, _broker, _checker, _journal, profile);
    }
}
