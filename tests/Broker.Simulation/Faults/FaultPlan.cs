namespace Broker.Simulation;

/// <summary>The schedule of a run's faults: drawn from the seed alone, before anything happens.</summary>
internal static class FaultPlan
{
    private static readonly FaultKind[] Ours =
    [
        FaultKind.LeaderDies, FaultKind.LeaderDies, FaultKind.SchedulerKilled, FaultKind.SchedulerStopped, FaultKind.SchedulerPaused,
        FaultKind.LeaderPaused, FaultKind.SchedulerCutOff, FaultKind.SchedulerClockJumps, FaultKind.DatabaseRestarts, FaultKind.BrokerRestarts,
    ];

    private static readonly FaultKind[] Theirs =
    [
        FaultKind.WorkerCrashes, FaultKind.WorkerStops, FaultKind.WorkerPauses, FaultKind.WorkerPauses, FaultKind.WorkerCutOff,
        FaultKind.WorkerCutOff, FaultKind.WorkerClockJumps, FaultKind.QueueDeleted, FaultKind.QueuePurged,
    ];

    /// <param name="point">Where the leader dies again and again; then nothing else happens to the servers.</param>
    public static IReadOnlyList<PlannedFault> Draw(Random random, TimeSpan length, int workers, CrashPoint? point)
    {
        var faults = new List<PlannedFault>();
        var pace = random.Seconds(1.5, 8);
        for (var at = Next(TimeSpan.Zero); at < length; at = Next(at))
            faults.Add(Fault(at, point is null ? Ours[random.Next(Ours.Length)] : FaultKind.LeaderDies));

        // A large fleet has more that break.
        pace *= 10.0 / (10 + workers);
        for (var at = Next(TimeSpan.Zero); at < length; at = Next(at)) faults.Add(Fault(at, Theirs[random.Next(Theirs.Length)]));
        return [.. faults.OrderBy(fault => fault.At).Select((fault, i) => fault with { Number = i + 1 })];

        TimeSpan Next(TimeSpan at) => at + TimeSpan.FromMilliseconds(200) + 2 * random.NextDouble() * pace;

        PlannedFault Fault(TimeSpan at, FaultKind kind) => new(
            0, at, kind, random.Next(1_000), LengthOf(random, kind), (Way)random.Next(1, 4), point ?? (CrashPoint)random.Next(9),
            random.Next(4), random.Chance(0.5));
    }

    private static TimeSpan LengthOf(Random random, FaultKind kind) => kind switch
    {
        FaultKind.SchedulerPaused => random.Seconds(0.1, 15),
        FaultKind.LeaderPaused => random.Seconds(3, 15),
        FaultKind.DatabaseRestarts => random.Seconds(0.05, 8),
        FaultKind.BrokerRestarts => random.Seconds(0.5, 10),
        FaultKind.SchedulerCutOff => random.Seconds(1, 20),
        FaultKind.SchedulerClockJumps or FaultKind.WorkerClockJumps => 3_600 * random.Seconds(0.1, 24),
        _ => random.Seconds(0.2, 40),
    };
}
