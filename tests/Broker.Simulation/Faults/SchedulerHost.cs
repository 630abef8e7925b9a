using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>A machine that runs one scheduler process after another: started again when it dies.</summary>
internal sealed class SchedulerHost(
    Simulator simulator, SimulatedBroker broker, SimulatedDatabase database, Faults faults, Checker checker, Journal journal, string name)
{
    /// <summary>RabbitMQ gives a silent connection up after two missed heartbeats of 5 s.</summary>
    private static readonly TimeSpan HeartbeatTimeout = TimeSpan.FromSeconds(10);

    private SimulatedProcess? _process;
    private Action? _stop;
    private int _starts;

    public bool Leads => _process is { IsDead: false } && _process.Epoch == database.Epoch;

    public void Start()
    {
        var process = _process = new SimulatedProcess(simulator, $"{name}.{++_starts}");
        var store = new SimulatedStore(simulator, process, database, faults);
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;

        // Wall clocks are wrong by up to an hour; nothing may depend on them.
        var time = new SimulatedTime(simulator, simulator.Milliseconds(-3_600_000, 3_600_000));
        var options = new SchedulerOptions { Holder = process.Name, Queues = new QueueNames() };
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

    public void Kill()
    {
        if (_process is { IsDead: false }) faults.Kill(_process);
    }

    /// <summary>SIGTERM.</summary>
    public void Stop()
    {
        if (_process is not { IsDead: false, IsPaused: false } process) return;

        journal.Add("fault", process.Name, detail: "stopped");
        process.Do(_stop!);
    }

    public void PauseFor(TimeSpan length)
    {
        if (_process is not { IsDead: false, IsPaused: false } process) return;

        journal.Add("fault", process.Name, detail: $"paused for {length.TotalSeconds:0.0} s");
        process.Pause();
        if (length > HeartbeatTimeout) simulator.After(HeartbeatTimeout, () => broker.Drop(process));
        simulator.After(length, process.Resume);
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
