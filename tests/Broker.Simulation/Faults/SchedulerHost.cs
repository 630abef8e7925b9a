using Broker.Contracts;
using Broker.Scheduler;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A machine that runs one scheduler process after another: started again when it dies.</summary>
internal sealed class SchedulerHost(
    Simulator simulator, SimulatedBroker broker, SimulatedDatabase database, Faults faults, Checker checker, Journal journal,
    string name, TimeSpan standbyEvery)
{
    /// <summary>RabbitMQ gives a silent connection up after two missed heartbeats of 5 s, and so does the client.</summary>
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    private SimulatedProcess? _process;
    private SimulatedTime? _time;
    private Action? _stop;
    private Way _blocked;
    private int _starts;

    public bool Leads => _process is { IsDead: false } && _process.Epoch == database.Epoch;

    public void Start()
    {
        var process = _process = new SimulatedProcess(simulator, $"{name}.{++_starts}") { Blocked = _blocked };
        ISchedulerStore store = new SimulatedStore(simulator, process, database, faults);
        if (faults.Planted is { } planted) store = new PlantedStore(store, database, planted, broker.World.Reserves);
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;

        // Wall clocks are wrong by up to a day; nothing may depend on them.
        var time = _time = new SimulatedTime(simulator, simulator.Random.Seconds(-86_400, 86_400));
        var options = new SchedulerOptions { Holder = process.Name, Queues = new QueueNames(), StandbyEvery = standbyEvery };
        var wire = new SimulatedWire(simulator, broker, process);
        var loop = new LeadershipLoop(store, new SimulatedSource(simulator, broker, process),
            inbox => new SchedulerLoop(store, inbox, wire, options, time, new SimulatedLogger<SchedulerLoop>(process, checker, journal)),
            options, time, new SimulatedLogger<LeadershipLoop>(process, checker, journal));
        process.Do(() => _ = RunAsync(loop, process, stop.Token));
    }

    /// <summary>Called by the faults when any process died; starts the next one if it was ours.</summary>
    public void Died(SimulatedProcess process)
    {
        if (process != _process) return;

        journal.Add("fault", process.Name, detail: "killed");
        simulator.After(faults.IsHealed ? TimeSpan.FromSeconds(1) : simulator.Milliseconds(100, 6_000), Start);
    }

    public bool Kill()
    {
        if (_process is not { IsDead: false }) return false;

        faults.Kill(_process);
        return true;
    }

    /// <summary>SIGTERM.</summary>
    public bool Stop()
    {
        if (_process is not { IsDead: false, IsPaused: false } process) return false;

        process.Do(_stop!);
        return true;
    }

    public bool PauseFor(TimeSpan length)
    {
        if (_process is not { IsDead: false, IsPaused: false } process) return false;

        process.Pause();
        if (length > HeartbeatTimeout) simulator.After(HeartbeatTimeout, () => broker.Drop(process));
        simulator.After(length, process.Resume);
        return true;
    }

    /// <summary>No packet passes between it and RabbitMQ in these directions.</summary>
    public void CutOff(Way blocked)
    {
        _blocked = blocked;
        if (_process is not { IsDead: false } process) return;

        process.Blocked = blocked;
        if (blocked != Way.None)
            simulator.After(simulator.Between(TimeSpan.Zero, HeartbeatTimeout), () => broker.Drop(process));
    }

    public bool JumpClock(TimeSpan by)
    {
        _time?.Jump(by);
        return _process is { IsDead: false };
    }

    private async Task RunAsync(LeadershipLoop loop, SimulatedProcess process, CancellationToken stop)
    {
        try
        {
            await loop.RunAsync(stop);
        }
        catch (Exception exception) when (!process.IsDead)
        {
            checker.World.Report("X1", $"the leadership loop of {process.Name} ended: {exception}");
            return;
        }
        process.Kill();
        broker.Drop(process);
        simulator.After(simulator.Milliseconds(100, 3_000), Start);
    }
}
