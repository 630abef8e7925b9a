using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>The whole scheduler under a load that swings faster than the reserve may.</summary>
public sealed class ReserveFlappingTests
{
    private static readonly TimeSpan Swing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly ReserveSettings Settings = new() { ReviewEvery = TimeSpan.FromSeconds(1), Period = TimeSpan.FromMinutes(1) };
    private readonly List<TaskRecord> _offered = [];

    /// <summary>Row 32 of the faults.</summary>
    [Theory]
    [InlineData(ReservePolicyName.Gradual, 0)]
    [InlineData(ReservePolicyName.Gradual, 8)]
    [InlineData(ReservePolicyName.Target, 0)]
    [InlineData(ReservePolicyName.Target, 8)]
    public void A_backlog_that_swings_around_the_threshold_for_an_hour_does_not_make_the_reserve_flap(string policy, int low)
    {
        var bench = Bench(policy);
        var high = Settings.BacklogAbove + 2;

        for (var end = bench.Now + Hour; bench.Now < end; Pass(bench, Swing))
            Fill(bench, bench.State.Backlog.Count == high ? low : high);
        var swinging = Changes(bench);
        Fill(bench, 0);
        foreach (var task in _offered) bench.Turn(bench.Report(WireKind.Succeeded, task));
        Pass(bench, TimeSpan.FromMinutes(10));
        var all = Changes(bench);

        // It grows to what the peaks need and stays; once it is quiet all leave, and none comes back.
        Assert.Contains(swinging, change => change.IsMore);
        Assert.InRange(swinging.Count, 1, Hour / Settings.CoolDown);
        Assert.All(swinging, change => Assert.True(change.IsMore, $"One left at {change.At} in the middle of the load."));
        Assert.DoesNotContain(bench.State.Workers.Values, worker => worker.Record.Activated);
        var leaving = all.Where(change => !change.IsMore).Select(change => change.At).Distinct().ToList();
        Assert.All(all.Where(change => change.IsMore), more => Assert.DoesNotContain(leaving, at => more.At >= at));
        Assert.All(leaving.Zip(leaving.Skip(1)), pair => Assert.True(pair.Second - pair.First >= Settings.CoolDown, $"{pair.First}, {pair.Second}"));
    }

    private static SchedulerBench Bench(string policy)
    {
        var bench = new SchedulerBench(new PoolSettings
        {
            Name = "default",
            Reserve = Settings with { Policy = policy },
            HeartbeatInterval = TimeSpan.FromMinutes(10),
            Timeout = TimeSpan.FromDays(1),
        });
        bench.AddWorker("active", slots: 2);
        for (var i = 1; i <= 5; i++) bench.AddWorker($"reserve-{i}", slots: 2, role: WorkerRole.Reserve);
        return bench;
    }

    /// <summary>Hands in or completes tasks until so many wait.</summary>
    private void Fill(SchedulerBench bench, int backlog)
    {
        while (bench.State.Backlog.Count < backlog) Note(bench, () => bench.Submit());
        while (bench.State.Backlog.Count > backlog)
        {
            var oldest = _offered[0];
            _offered.RemoveAt(0);
            Note(bench, () => bench.Turn(bench.Report(WireKind.Succeeded, oldest)));
        }
    }

    private void Note(SchedulerBench bench, Action act)
    {
        act();
        _offered.AddRange(bench.State.Workers.Values.SelectMany(worker => worker.Held.Values).Except(_offered).ToList());
    }

    /// <summary>Time with its reviews and beats.</summary>
    private void Pass(SchedulerBench bench, TimeSpan time)
    {
        for (var end = bench.Now + time; bench.Now < end;)
        {
            bench.Pass(TimeSpan.FromSeconds(1));
            Note(bench, () => bench.Turn([new ReserveReviewInput(), .. bench.State.Workers.Keys.Select(bench.Beat),
                .. _offered.Where(task => task.State == TaskState.Offered).Select(task => bench.Report(WireKind.Started, task))]));
        }
    }

    private static List<(DateTimeOffset At, bool IsMore)> Changes(SchedulerBench bench) =>
    [
        .. bench.Commits.SelectMany(commit => commit.FleetEvents).Where(change => change.Kind is "activated" or "deactivated")
            .Select(change => (change.At, change.Kind == "activated")),
    ];
}
