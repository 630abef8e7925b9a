using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>One process's way to the workers' queues: in order, with losses, cut off when the process dies.</summary>
internal sealed class SimulatedWire(
    Simulator simulator, SimulatedBroker broker, SimulatedProcess process) : IWorkerWire
{
    private long _lastArrival;
    private bool _isBroken;

    public void Declare(string worker, Action<bool> done)
    {
        Leave();
        Travel(() =>
        {
            var stands = !broker.IsDown && process.CanHear && !broker.Faults.LosesOnWire();
            if (stands) broker.QueueOf(worker).Declare();
            simulator.After(simulator.Milliseconds(0.1, 3), () => process.Do(() => done(stands)));
        });
    }

    public void Send(WorkerMessage message)
    {
        Leave();
        if (broker.Faults.Planted == PlantedBug.MixUpQueues && simulator.Chance(0.05)) message = message with { Worker = "w0" };
        broker.CheckSent(process, message);
        Travel(() =>
        {
            if (!broker.IsDown && !broker.Faults.LosesOnWire()) broker.Route(process, message);
        });
    }

    private void Leave()
    {
        process.ThrowIfDead();
        broker.Faults.Reach(CrashPoint.BeforeSend, process);
        broker.Faults.Reach(CrashPoint.MidSend, process);
    }

    private void Travel(Action arrive)
    {
        _lastArrival = Math.Max(_lastArrival, simulator.Ticks + broker.Faults.Travel().Ticks);
        simulator.After(TimeSpan.FromTicks(_lastArrival - simulator.Ticks), () =>
        {
            // Of what a dead process had in its socket, some beginning arrives.
            _isBroken = _isBroken || (process.IsDead && simulator.Chance(0.5));
            if (!_isBroken && process.CanSend) arrive();
        });
    }
}
