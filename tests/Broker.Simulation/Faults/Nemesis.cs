namespace Broker.Simulation;

/// <summary>Carries out the schedule of faults, and heals everything at the end.</summary>
internal sealed class Nemesis(
    Simulator simulator, Faults faults, SimulatedDatabase database, SimulatedBroker broker,
    IReadOnlyList<SchedulerHost> hosts, IReadOnlyList<IWorkerHost> workers, Journal journal)
{
    public void Begin(IReadOnlyList<PlannedFault> schedule)
    {
        foreach (var fault in schedule) simulator.After(fault.At, () => Strike(fault));
    }

    public void Heal()
    {
        faults.IsHealed = true;
        broker.ComeBack();
        foreach (var host in hosts) host.CutOff(Way.None);
        foreach (var worker in workers)
        {
            worker.Cut(Way.None);
            worker.Resume();
            worker.Start();
        }
    }

    private void Strike(PlannedFault fault)
    {
        var host = hosts[fault.Target % hosts.Count];
        var worker = workers[fault.Target % workers.Count];
        var bites = fault.Kind switch
        {
            FaultKind.LeaderDies => Arm(fault),
            FaultKind.SchedulerKilled => host.Kill(),
            FaultKind.SchedulerStopped => host.Stop(),
            FaultKind.SchedulerPaused => host.PauseFor(fault.Length),
            FaultKind.LeaderPaused => (hosts.FirstOrDefault(leader => leader.Leads) ?? host).PauseFor(fault.Length),
            FaultKind.SchedulerCutOff => CutOff(host, fault),
            FaultKind.SchedulerClockJumps => host.JumpClock(Signed(fault)),
            FaultKind.DatabaseRestarts => database.RestartFor(fault.Length),
            FaultKind.BrokerRestarts => broker.RestartFor(fault.Length, fault.Keeps),
            FaultKind.QueueDeleted => broker.QueueOf(worker.Id).Delete(),
            FaultKind.QueuePurged => broker.QueueOf(worker.Id).Purge(),
            _ => HarmWorker(worker, fault),
        };
        if (!bites) return;

        var isOurs = fault.Kind <= FaultKind.BrokerRestarts;
        journal.Add(isOurs ? "fault" : "is hit", isOurs ? "nemesis" : worker.Id, detail: fault.ToString());
        if (fault.Kind != FaultKind.LeaderDies) faults.Bit(fault.Kind);
    }

    private bool Arm(PlannedFault fault)
    {
        faults.Arm(fault.Point, fault.Point is CrashPoint.MidSettle or CrashPoint.MidSend ? fault.Calls : 0);
        return true;
    }

    private bool CutOff(SchedulerHost host, PlannedFault fault)
    {
        host.CutOff(fault.Way);
        simulator.After(fault.Length, () => host.CutOff(Way.None));
        return true;
    }

    private bool HarmWorker(IWorkerHost worker, PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.WorkerCrashes:
                simulator.After(fault.Length, worker.Start);
                return worker.Crash();
            case FaultKind.WorkerStops:
                simulator.After(fault.Length + TimeSpan.FromSeconds(2), worker.Start);
                return worker.Stop();
            case FaultKind.WorkerPauses:
                simulator.After(fault.Length, worker.Resume);
                return worker.Pause();
            case FaultKind.WorkerCutOff:
                worker.Cut(fault.Way);
                simulator.After(fault.Length, () => worker.Cut(Way.None));
                return true;
            case FaultKind.WorkerClockJumps:
                return worker.JumpClock(Signed(fault));
            default:
                throw new System.Diagnostics.UnreachableException($"{fault.Kind} harms no worker.");
        }
    }

    private static TimeSpan Signed(PlannedFault fault) => fault.Keeps ? fault.Length : -fault.Length;
}
