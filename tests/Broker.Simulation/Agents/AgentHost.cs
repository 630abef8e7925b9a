using Broker.Agent;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>Runs the real agent, one process after another under the same id, as a supervisor of services does.</summary>
internal sealed class AgentHost(
    Simulator simulator, SimulatedBroker broker, Checker checker, Journal journal, RegisterWorker profile) : IWorkerHost
{
    private SimulatedProcess? _process;
    private SimulatedConnection? _network;
    private Action? _stop;
    private int _starts;
    private bool _isWanted;
    private SimulatedTime? _time;
    private Way _blocked;

    public string Id => profile.Worker;

    private bool IsUp => _process is { IsDead: false };

    public void Start()
    {
        _isWanted = true;
        if (IsUp) return;

        journal.Add("starts", Id);
        var process = _process = new SimulatedProcess(simulator, $"{Id}.{++_starts}");
        var time = _time = new SimulatedTime(simulator, simulator.Random.Seconds(-86_400, 86_400));
        var life = new AgentLife(checker, Id, profile.Slots);
        var handler = new SimulatedHandler(simulator, broker.Faults, time, journal, life, () => Crash());
        var network = _network = new SimulatedConnection(simulator, broker, process, journal, life) { Blocked = _blocked };
        var settings = new AgentSettings(new WorkerRegistration
        {
            Id = Id,
            Pool = profile.Pool,
            Slots = profile.Slots,
            Labels = profile.Labels,
            Role = profile.Role,
            Transport = profile.Transport,
            MaxBatch = profile.MaxBatch,
        })
        {
            DrainLimit = simulator.Milliseconds(0, 20_000),
        };
        var agent = new AgentWorker(
            network, handler.For(profile.Types), settings, time, new Random(simulator.Random.Next()), new AgentLogger(process, journal));
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;
        process.Do(() => _ = RunAsync(agent, process, stop.Token));
    }

    public bool Crash()
    {
        _isWanted = false;
        if (!IsUp) return false;

        journal.Add("crashes", Id);
        End();
        return true;
    }

    public bool Stop()
    {
        _isWanted = false;
        if (!IsUp) return false;

        journal.Add("stops", Id);
        _process!.Do(_stop!);
        return true;
    }

    public bool Pause()
    {
        if (!IsUp) return false;

        var network = _network!;
        var process = _process!;
        process.Pause();
        simulator.After(SimulatedConnection.HeartbeatLimit, () =>
        {
            if (process.IsPaused) network.Drop();
        });
        return true;
    }

    public void Resume()
    {
        if (IsUp) _process!.Resume();
    }

    public void Cut(Way blocked)
    {
        _blocked = blocked;
        _network?.Block(blocked);
    }

    public bool JumpClock(TimeSpan by)
    {
        _time?.Jump(by);
        return IsUp;
    }

    private void End()
    {
        _process!.Kill();
        _network!.Die();
    }

    private async Task RunAsync(AgentWorker agent, SimulatedProcess process, CancellationToken stopping)
    {
        try
        {
            var exit = await agent.RunAsync(stopping);
            journal.Add("exits", Id, detail: exit.ToString());
            if (exit == AgentExit.Replaced) checker.World.Report("G4", $"{process.Name} took its own registration for somebody else's", null, Id);
        }
        catch (Exception exception) when (!process.IsDead)
        {
            checker.World.Report("X1", $"agent {process.Name} failed: {exception}", null, Id);
        }
        if (process.IsDead) return;

        End();
        if (_isWanted) simulator.After(simulator.Milliseconds(100, 3_000), StartAgain);
    }

    private void StartAgain()
    {
        if (_isWanted) Start();
    }
}
