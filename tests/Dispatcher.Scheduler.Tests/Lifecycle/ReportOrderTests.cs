using Broker.Contracts;

namespace Broker.Scheduler.Tests;

/// <summary>Row 57 of the faults: the reports of an attempt come in any order, the start twice.</summary>
public sealed class ReportOrderTests
{
    /// <summary>All orders of the four, each with one turn for every report and with one turn for all.</summary>
    public static TheoryData<string, bool> Orders()
    {
        var orders = new TheoryData<string, bool>();
        foreach (var order in Permutations(["start", "progress", "end", "start-again"]))
            foreach (var oneTurn in new[] { false, true }) orders.Add(string.Join(' ', order), oneTurn);
        return orders;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_success_in_any_order_is_one_success(string order, bool oneTurn)
    {
        var (bench, task) = Tell(order, oneTurn, WireKind.Succeeded);

        Assert.Equal((TaskState.Succeeded, AttemptOutcome.Succeeded, 1, 0, 0), Fate(bench, task));
        Assert.Equal("7"u8.ToArray(), Assert.Single(bench.Commits.SelectMany(commit => commit.Finished)).Result);
        Assert.Empty(bench.State.Workers["w"].Held);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_failure_in_any_order_is_one_failure_and_one_new_attempt(string order, bool oneTurn)
    {
        var (bench, task) = Tell(order, oneTurn, WireKind.Failed);

        Assert.Equal((TaskState.Retrying, AttemptOutcome.Failed, 1, 1, 0), Fate(bench, task));
        bench.Pass(TimeSpan.FromSeconds(5)).Turn(bench.Beat("w"));
        Assert.Equal((TaskState.Offered, 2), (bench.Task(task).State, bench.Task(task).Attempt));
    }

    private static (SchedulerBench Bench, Guid Task) Tell(string order, bool oneTurn, string end)
    {
        var bench = new SchedulerBench();
        bench.AddWorker("w");
        var task = bench.Task(bench.Submit());
        var reports = order.Split(' ').Select(report => report switch
        {
            "end" => bench.Report(end, task, one => one with { RanMs = 4, Result = end == WireKind.Succeeded ? new RawJson("7"u8.ToArray()) : default }),
            "progress" => bench.Report(WireKind.Progress, task, one => one with { Percent = 50 }),
            _ => bench.Report(WireKind.Started, task),
        }).ToList();

        if (oneTurn) bench.Turn([.. reports]);
        else foreach (var report in reports) bench.Turn(report);
        Assert.Single(bench.Steps(task.Id), step => step.Event == "attempt-ended");
        return (bench, task.Id);
    }

    private static (string State, string? Outcome, int Attempt, int Failures, int Losses) Fate(SchedulerBench bench, Guid id)
    {
        var task = bench.Task(id);
        return (task.State, task.Outcome, task.Attempt, task.Failures, task.Losses);
    }

    private static IEnumerable<string[]> Permutations(string[] items) => items.Length == 1 ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(item => item != first)]).Select(rest => (string[])[first, .. rest]));
}
