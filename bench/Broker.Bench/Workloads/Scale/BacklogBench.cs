using System.Diagnostics;
using Broker.TestKit;

namespace Broker.Bench;

/// <summary>What queued tasks cost: a restart, memory, bursts, and a new task of the highest priority.</summary>
/// <remarks>
/// The backlog requires a label that no worker has at first, so that it stays as it is while bursts for the other workers pass it:
/// of lower priority and fit for the same workers it would be worked off in their gaps, and be gone in the last round. Then workers
/// with the label come. The backlog keeps all their slots busy, and a task of priority 9 that requires the label too goes to the head of
/// the same line: it starts when the next slot is free, behind what its worker was sent before. With tasks of 0.5 s the machine has time
/// left; with no-ops it has none, and whatever is under way stands in line for a core.
/// </remarks>
internal sealed class BacklogBench(BenchServers servers, ScalePlan plan, Action<string> log)
{
    /// <summary>Nothing in the backlog requires it.</summary>
    private const string FreeLabel = "shelf=free";

    public async Task<BacklogResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var rivals = new Rivals("backlog");
        var restarts = new Dictionary<int, RestartRow>();
        foreach (var size in plan.Backlogs)
        {
            var broker = await rivals.AddAsync(size, ScalePlan.Fleet, plan.Burst, servers, cancellationToken);
            restarts[size] = await RestartAsync(broker, size, cancellationToken);
            log($"{size:N0} queued: filled in {restarts[size].FillSeconds:F1} s, first offer {restarts[size].FirstOfferSeconds:F2} s after the scheduler's start, {restarts[size].Scheduler}");
        }
        var bursts = await rivals.MeasureAsync(plan.Burst, plan.Rounds, cancellationToken);

        var urgent = new List<UrgentRow>();
        foreach (var (size, broker) in rivals.Systems)
        {
            urgent.Add(await UrgentAsync(broker, size, "free slots", FreeLabel, TimeSpan.Zero, cancellationToken));
            // A smaller one would be gone before the last urgent task starts.
            if (size < plan.Backlogs.Max()) continue;
            urgent.Add(await UrgentAsync(broker, size, "tasks of 0.5 s", Fill.Label, TimeSpan.FromSeconds(0.5), cancellationToken));
            urgent.Add(await UrgentAsync(broker, size, "no-op tasks", Fill.Label, TimeSpan.Zero, cancellationToken));
        }
        return new BacklogResult([.. restarts.Values], bursts, urgent);
    }

    /// <summary>From the start of the scheduler's process until its first offer is in the database.</summary>
    private static async Task<RestartRow> RestartAsync(BrokerSystem broker, int size, CancellationToken cancellationToken)
    {
        await broker.StopSchedulerAsync();
        var watch = Stopwatch.StartNew();
        if (size > 0) await Fill.QueueAsync(broker, size, cancellationToken);
        await Fill.QueueForAnybodyAsync(broker, 1_000, cancellationToken);
        var filled = watch.Elapsed;

        var offers = await OffersAsync();
        watch.Restart();
        broker.StartScheduler();
        await Eventually.Async(OffersAsync, count => count > offers, "a first offer", TimeSpan.FromMinutes(2));
        var first = watch.Elapsed;
        await Eventually.Async(() => broker.CountAsync("SELECT count(*) FROM tasks WHERE requires IS NULL", cancellationToken), count => count == 0, "tasks for anybody are done");
        return new RestartRow(size, filled.TotalSeconds, first.TotalSeconds, ProcessMemory.Of(broker.SchedulerId));

        Task<long> OffersAsync() => broker.CountAsync("SELECT next_offer FROM leadership", cancellationToken);
    }

    private async Task<UrgentRow> UrgentAsync(BrokerSystem broker, int size, string slots, string label, TimeSpan others, CancellationToken cancellationToken)
    {
        await using var urgent = await UrgentTasks.StartAsync(broker, label, others, cancellationToken);
        var before = await LeftAsync();
        var watch = Stopwatch.StartNew();
        var waits = await urgent.RunAsync(plan.Urgent, cancellationToken);
        var left = await LeftAsync();
        if (left == 0 && size > 0) throw new InvalidOperationException($"The backlog of {size} was gone before the last urgent task started.");
        return new UrgentRow(size, slots, waits, (before - left) / watch.Elapsed.TotalSeconds);

        Task<long> LeftAsync() => broker.CountAsync("SELECT count(*) FROM tasks WHERE state = 'queued'", cancellationToken);
    }
}
