namespace Broker.Simulation;

/// <summary>Does something bad at random moments, until everything is healed.</summary>
internal sealed class Nemesis(
    Simulator simulator, Faults faults, SimulatedDatabase database, SimulatedBroker broker,
    IReadOnlyList<SchedulerHost> hosts, IReadOnlyList<IWorkerHost> workers, Journal journal, CrashPoint? point)
{
    private readonly List<IWorkerHost> _cut = [];

    public void Begin()
    {
        if (point is not null) ArmNext();
        else simulator.After(simulator.Milliseconds(500, 5_000), Harm);
        simulator.After(simulator.Milliseconds(500, 5_000), HarmWorkers);
    }

    public void Heal()
    {
        faults.IsHealed = true;
        foreach (var worker in _cut) worker.Reconnect();
        foreach (var worker in workers)
        {
            worker.Resume();
            worker.Start();
        }
    }

    private void ArmNext()
    {
        if (faults.IsHealed) return;

        faults.Arm(point!.Value, afterCalls: point is CrashPoint.MidSettle or CrashPoint.MidSend ? simulator.Random.Next(1, 4) : 0);
        simulator.After(simulator.Milliseconds(3_000, 20_000), ArmNext);
    }

    private void Harm()
    {
        if (faults.IsHealed) return;

        var host = hosts[simulator.Random.Next(hosts.Count)];
        switch (simulator.Random.Next(7))
        {
            case 0: host.Kill(); break;
            case 1: host.Stop(); break;
            case 2: host.PauseFor(simulator.Milliseconds(100, 15_000)); break;
            case 3: (hosts.FirstOrDefault(leader => leader.Leads) ?? host).PauseFor(simulator.Milliseconds(3_000, 15_000)); break;
            case 4:
                var length = simulator.Milliseconds(50, 8_000);
                journal.Add("fault", "database", detail: $"down for {length.TotalSeconds:0.0} s");
                database.GoDownFor(length);
                break;
            default: faults.Arm((CrashPoint)simulator.Random.Next(9), simulator.Random.Next(4)); break;
        }
        simulator.After(simulator.Milliseconds(1_000, 15_000), Harm);
    }

    private void HarmWorkers()
    {
        if (faults.IsHealed) return;

        var worker = workers[simulator.Random.Next(workers.Count)];
        var length = simulator.Milliseconds(200, 40_000);
        switch (simulator.Random.Next(6))
        {
            case 0:
                worker.Crash();
                simulator.After(length, worker.Start);
                break;
            case 1:
                worker.Stop();
                simulator.After(length + TimeSpan.FromSeconds(2), worker.Start);
                break;
            case 2:
                journal.Add("pauses", worker.Id);
                worker.Pause();
                simulator.After(length, worker.Resume);
                break;
            case 3 or 4:
                journal.Add("is cut off", worker.Id);
                worker.Cut();
                _cut.Add(worker);
                simulator.After(length, worker.Reconnect);
                break;
            case 5:
                journal.Add("loses its queue", worker.Id);
                broker.QueueOf(worker.Id).Delete();
                break;
        }
        simulator.After(simulator.Milliseconds(1_000, 20_000), HarmWorkers);
    }
}
