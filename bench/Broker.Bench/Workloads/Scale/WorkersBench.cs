using System.Diagnostics;

namespace Broker.Bench;

/// <summary>Bursts with few workers of many slots, and with many of few.</summary>
/// <remarks>One fleet at a time: ten thousand idle workers would still beat while others are measured.</remarks>
internal static class WorkersBench
{
    /// <summary>Until what the burst set off has ended, the compiler's second look included.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    public static async Task<WorkersRow> RunAsync(BenchServers servers, FleetPlan fleet, ScalePlan plan, CancellationToken cancellationToken)
    {
        await using var broker = new BrokerSystem($"{fleet.Workers:N0} workers", fleet with { Processes = 0 }, servers);
        await broker.StartAsync(cancellationToken);
        var watch = Stopwatch.StartNew();
        await broker.StartFleetAsync(fleet, cancellationToken);
        var online = watch.Elapsed;
        await broker.BurstAsync(plan.Burst, cancellationToken);

        var samples = new List<BurstSample>();
        for (var round = 0; round < plan.Rounds; round++) samples.Add(await BurstSample.MeasureAsync(broker, plan.Burst, cancellationToken));
        var row = ScaleRow.Of("workers", fleet.Workers, samples, ProcessMemory.Of(broker.SchedulerId));
        var (cpu, turns) = await WatchIdleAsync(broker, plan.Idle, cancellationToken);
        return new WorkersRow(row, online.TotalSeconds, cpu, turns, PlacementBench.Micros(fleet), CpuClock.ReadMemory(broker.Processes));
    }

    /// <summary>What the scheduler uses with nothing to do but beats: its part of a core, and turns a second, each a commit.</summary>
    private static async Task<(double Cpu, double Turns)> WatchIdleAsync(BrokerSystem broker, TimeSpan length, CancellationToken cancellationToken)
    {
        await Task.Delay(Calm, TimeProvider.System, cancellationToken);
        var watch = Stopwatch.StartNew();
        var (cpu, turns) = await ReadAsync();
        await Task.Delay(length, TimeProvider.System, cancellationToken);
        var (cpuAfter, turnsAfter) = await ReadAsync();
        return ((cpuAfter - cpu) / watch.Elapsed.TotalSeconds, (turnsAfter - turns) / watch.Elapsed.TotalSeconds);

        async Task<(double, long)> ReadAsync() =>
            (CpuClock.Read(broker.Processes)["scheduler"], await broker.CountAsync("SELECT turn FROM leadership", cancellationToken));
    }
}

/// <param name="OnlineSeconds">From the start of the fleet until all its workers could be used.</param>
/// <param name="IdleCpu">Of the scheduler, as part of a core.</param>
/// <param name="IdleTurns">A second.</param>
/// <param name="PlacementMicros">To choose a worker, to take a slot and to give one back, without anything around it.</param>
/// <param name="MemoryMib">By process, shared memory counted once.</param>
internal sealed record WorkersRow(
    ScaleRow Burst, double OnlineSeconds, double IdleCpu, double IdleTurns, double PlacementMicros,
    IReadOnlyDictionary<string, double> MemoryMib);
