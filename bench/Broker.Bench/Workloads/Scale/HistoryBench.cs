using System.Diagnostics;

namespace Broker.Bench;

/// <summary>Bursts with and without finished tasks of a week in the database.</summary>
internal sealed class HistoryBench(BenchServers servers, ScalePlan plan, Action<string> log)
{
    public async Task<List<ScaleRow>> RunAsync(CancellationToken cancellationToken)
    {
        await using var rivals = new Rivals("history");
        foreach (var size in plan.Histories)
        {
            var broker = await rivals.AddAsync(size, ScalePlan.Fleet, plan.Burst, servers, cancellationToken);
            await broker.StopSchedulerAsync();
            var watch = Stopwatch.StartNew();
            if (size > 0) await Fill.FinishAsync(broker, size, cancellationToken);
            log($"{size:N0} finished tasks and their payloads filled in {watch.Elapsed.TotalSeconds:F0} s");
            broker.StartScheduler();
        }
        return await rivals.MeasureAsync(plan.Burst, plan.Rounds, cancellationToken);
    }
}
