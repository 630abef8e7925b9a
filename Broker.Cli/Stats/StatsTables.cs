using System.Globalization;
using Broker.Contracts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Broker.Cli;

/// <summary>The statistics for people.</summary>
internal static class StatsTables
{
    private const int ShownTypes = 15;

    public static IRenderable All(StatsSnapshot stats, DateTimeOffset now)
    {
        var fields = Columns.Fields()
            .Field("tasks", Counts(stats.Tasks))
            .Field("rates", Line($"{stats.Rates.SubmittedPerSecond:N1} in, {stats.Rates.FinishedPerSecond:N1} out a second"))
            .Field("wait", Times(stats.WaitMs))
            .Field("run", Times(stats.RunMs))
            .Field("workers", Counts(stats.Workers.ToDictionary(worker => worker.Key, worker => (long)worker.Value)))
            .Field("slots", Line($"{stats.Slots.Used:N0} of {stats.Slots.Total:N0} used, {stats.Slots.Free:N0} free"))
            .Field("backlog", Backlog(stats.Backlog))
            .Field("oldest", stats.OldestWaiting is { } oldest ? $"{oldest.Task}, {Cells.AgeOf(oldest.QueuedAt, now)}" : null)
            .Field("scheduler", Line($"epoch {stats.Scheduler.Epoch}, {stats.Scheduler.Turns:N0} turns, {stats.Scheduler.Attempts:N0} attempts"))
            .Field("as of", Cells.Of(stats.AsOf));
        return new Rows(fields, new Text(""), Groups("POOL", stats.Pools), new Text(""), Groups("TYPE", stats.Types));
    }

    private static Table Groups(string header, IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> groups)
    {
        string[] states = [TaskState.Queued, TaskState.Offered, TaskState.Running, TaskState.Retrying, TaskState.Canceling];
        var table = Columns.List([header, .. states.Select(state => state.ToUpperInvariant())]);
        foreach (var (name, counts) in groups.OrderByDescending(group => group.Value.Values.Sum()).Take(ShownTypes))
            table.AddRow([Cells.Of(name), .. states.Select(state => Cells.Of(counts.GetValueOrDefault(state)))]);
        return table;
    }

    private static string Counts(IReadOnlyDictionary<string, long> counts) => counts.Count == 0 ? "none"
        : string.Join(", ", counts.Where(count => count.Value != 0).Select(count => Line($"{count.Value:N0} {count.Key}")).DefaultIfEmpty("none"));

    private static string Backlog(IReadOnlyList<long> backlog) => string.Join(", ", Enumerable.Range(0, backlog.Count).Reverse()
        .Where(priority => backlog[priority] > 0)
        .Select(priority => Line($"{backlog[priority]:N0} at priority {priority}")).DefaultIfEmpty("empty"));

    private static string? Times(StatsPercentiles? times) => times is null ? null
        : Line($"p50 {times.P50:N0} ms, p95 {times.P95:N0} ms, p99 {times.P99:N0} ms");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
