namespace Broker.Chaos;

/// <summary>How long it may take until another scheduler leads.</summary>
internal static class LeadershipBounds
{
    private static readonly (string Kind, string What, TimeSpan Bound)[] Bounds =
    [
        ("kill-leader", "kill -9 of the leader", TimeSpan.FromSeconds(5)),
        ("pause-leader", "SIGSTOP of the leader", TimeSpan.FromSeconds(7)),
        ("stop-leader", "clean stop of the leader", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Each bound with the times of faults that had no other scheduler or the database in trouble beside
    /// them, on a machine that was not overloaded.</summary>
    public static IEnumerable<(string What, TimeSpan Bound, Percentiles Times)> Of(IEnumerable<FaultRun> faults) => Bounds.Select(bound =>
        (bound.What, bound.Bound, new Percentiles(faults
            .Where(fault => fault.Category == FaultCategory.Scheduler && fault.Kind == bound.Kind && fault.WasCalm)
            .Where(fault => !fault.Overlaps.Contains(FaultCategory.Scheduler) && !fault.Overlaps.Contains(FaultCategory.Postgres))
            .Select(fault => fault.NewEpochAfter!.Value))));
}
