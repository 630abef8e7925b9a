using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>Puts the counts of the leader's memory together for readers.</summary>
internal static class StatsView
{
    private const int TypesShown = 200;

    public static StatsSnapshot Of(
        SchedulerState state, DateTimeOffset now, double submitted, double finished, double[]? waits, double[]? runs)
    {
        var usable = state.Workers.Values.Where(worker => worker.IsUsable).ToList();
        var total = usable.Sum(worker => worker.Record.Slots);
        var used = usable.Sum(worker => worker.SlotsUsed);
        var oldest = state.Backlog.Lines.Select(line => line.Oldest).MinBy(task => task.QueuedAt);
        var totals = state.Statistics.Totals;
        var tasks = CountsOf(state.Classes);
        tasks[TaskState.Succeeded] = totals.Succeeded;
        tasks[TaskState.Dead] = totals.Dead;
        tasks[TaskState.Canceled] = totals.Canceled;

        return new StatsSnapshot
        {
            AsOf = now,
            Tasks = tasks,
            Pools = By(state.Classes, tally => tally.Class.Pool),
            Types = By(state.Classes.OrderByDescending(tally => tally.Total).Take(TypesShown), tally => tally.Class.Type),
            Backlog = [.. state.Backlog.CountByPriority],
            Rates = new StatsRates(Math.Round(submitted, 1), Math.Round(finished, 1)),
            WaitMs = Percentiles(waits),
            RunMs = Percentiles(runs),
            Workers = WorkersOf(state),
            Slots = new StatsSlots(total, used, Math.Max(0, total - used)),
            OldestWaiting = oldest is null ? null : new StatsOldest(oldest.Id, oldest.QueuedAt),
            Scheduler = new StatsScheduler(state.Epoch, totals.Turns, totals.Attempts),
        };
    }

    private static StatsPercentiles? Percentiles(double[]? values) =>
        values is null ? null : new StatsPercentiles(values[0], values[1], values[2]);

    private static SortedDictionary<string, IReadOnlyDictionary<string, long>> By(
        IEnumerable<ClassTally> classes, Func<ClassTally, string> key)
    {
        var groups = new SortedDictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        foreach (var group in classes.GroupBy(key)) groups[group.Key] = CountsOf(group);
        return groups;
    }

    private static Dictionary<string, long> CountsOf(IEnumerable<ClassTally> classes)
    {
        var counts = new Dictionary<string, long>();
        foreach (var (state, count) in classes.SelectMany(tally => tally.Counts))
            counts[state] = counts.GetValueOrDefault(state) + count;
        return counts;
    }

    private static SortedDictionary<string, int> WorkersOf(SchedulerState state)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var record in state.Workers.Values.Select(worker => worker.Record))
        {
            Count(record.Liveness);
            if (record.Role == WorkerRole.Reserve) Count(record.Role);
            if (record.Activated) Count("activated");
            if (record.Admission != Admission.Open) Count(record.Admission);
        }
        return counts;

        void Count(string status) => counts[status] = counts.GetValueOrDefault(status) + 1;
    }
}
