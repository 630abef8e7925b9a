namespace Broker.Bench;

/// <param name="Tasks">Of each burst.</param>
/// <param name="Urgent">Single tasks over a backlog.</param>
/// <param name="Idle">How long an idle scheduler is watched.</param>
internal sealed record ScalePlan(
    IReadOnlyList<FleetPlan> Fleets, IReadOnlyList<int> Backlogs, IReadOnlyList<int> Histories, int Tasks, int Rounds, int Urgent,
    TimeSpan Idle)
{
    private static readonly int[] Grown = [10, 100, 1_000, 10_000];

    public BurstPlan Burst => new(Tasks, Batch: 100, Connections: 8);

    /// <summary>Of as many workers as elsewhere, whose slots are not what limits.</summary>
    public static FleetPlan Fleet => new(50, 32, MaxBatch: 32);

    public static ScalePlan Full(int rounds) => new(
        [.. Grown.Select(FleetOf)], [0, 100_000, 1_000_000], [0, 10_000_000], 40_000, rounds, Urgent: 50,
        TimeSpan.FromSeconds(20));

    /// <summary>To see that it works.</summary>
    public static ScalePlan Quick => new([FleetOf(10), FleetOf(100)], [0, 20_000], [0, 10_000], 2_000, 1, Urgent: 5,
        TimeSpan.FromSeconds(2));

    /// <summary>Of 1,600 slots or a few more, one offer a message, whatever the number of workers: nothing else differs.</summary>
    private static FleetPlan FleetOf(int workers) => new(workers, Math.Max(1, (int)Math.Ceiling(1_600.0 / workers)), MaxBatch: 1);
}
