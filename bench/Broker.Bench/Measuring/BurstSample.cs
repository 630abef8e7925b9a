namespace Broker.Bench;

/// <summary>One burst, and what it took.</summary>
/// <param name="CpuMicros">CPU time of each process for a task.</param>
internal sealed record BurstSample(double TasksPerSecond, IReadOnlyDictionary<string, double> CpuMicros, double TasksPerTurn)
{
    public static async Task<BurstSample> MeasureAsync(BrokerSystem broker, BurstPlan plan, CancellationToken cancellationToken)
    {
        var turns = await TurnsAsync();
        var before = CpuClock.Read(broker.Processes);
        var result = await broker.BurstAsync(plan, cancellationToken);
        var after = CpuClock.Read(broker.Processes);
        return new BurstSample(result.TasksPerSecond,
            after.ToDictionary(role => role.Key, role => (role.Value - before[role.Key]) * 1e6 / result.Tasks),
            result.Tasks / (double)(await TurnsAsync() - turns));

        Task<long> TurnsAsync() => broker.CountAsync("SELECT turn FROM leadership", cancellationToken);
    }
}
