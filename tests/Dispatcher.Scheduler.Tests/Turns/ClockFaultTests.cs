using Broker.Contracts;
using Broker.Storage;
using Broker.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Scheduler.Tests;

/// <summary>Clocks that jump and timers that do not do what they should.</summary>
public sealed class ClockFaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Row 26 of the faults: on the scheduler's host.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_wall_clock_that_jumps_moves_no_deadline_of_the_leader(int hours)
    {
        var time = new FakeTimeProvider();
        var host = new WrongClock(time);
        var database = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new LeaderClock(host, database);

        host.Ahead = TimeSpan.FromHours(hours);
        time.Advance(Second);

        Assert.Equal(database + Second, clock.Now);
    }

    /// <summary>Row 26 of the faults: the database's clock has jumped when the next leader takes it over.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_database_clock_that_jumps_ends_no_attempt_at_a_takeover_and_each_has_its_whole_time_again(int hours)
    {
        var bench = new SchedulerBench();
        for (var i = 0; i < 50; i++) bench.AddWorker($"w{i}");
        var tasks = Enumerable.Range(0, 50).Select(_ => bench.Task(bench.Submit(timeout: TimeSpan.FromMinutes(10)))).ToList();
        bench.Turn([.. tasks.Select(task => bench.Report(WireKind.Started, task))]);
        Beat(bench, TimeSpan.FromMinutes(9));

        bench.Pass(TimeSpan.FromHours(hours)).TakeOver();
        Beat(bench, TimeSpan.FromSeconds(590));
        Assert.All(tasks, task => Assert.Equal((TaskState.Running, 1), (task.State, task.Attempt)));
        Assert.Equal(50, bench.State.OnlineWorkers);
        bench.Turn([.. tasks.Skip(1).Select(task => bench.Report(WireKind.Succeeded, task))]);
        Beat(bench, TimeSpan.FromSeconds(10));

        // One that hangs is found all the same.
        Assert.Equal((AttemptOutcome.TimedOut, 1), (tasks[0].Outcome, tasks[0].Failures));
        Assert.All(tasks.Skip(1), task => Assert.Equal((TaskState.Succeeded, 0), (task.State, task.Failures)));
    }

    /// <summary>Row 25 of the faults.</summary>
    [Fact]
    public void A_timer_that_comes_late_and_twice_does_once_what_it_is_for()
    {
        var bench = new SchedulerBench();
        bench.AddWorker("w");
        var task = bench.Task(bench.Submit(timeout: TimeSpan.FromSeconds(5)));
        bench.Turn(bench.Report(WireKind.Started, task));
        for (var i = 0; i < 3; i++) bench.State.Deadlines.Add(bench.Now + TimeSpan.FromSeconds(5), new Deadline.Timeout(task.Id, 1));
        bench.Pass(TimeSpan.FromSeconds(19)).Turn(bench.Beat("w"));
        Assert.Equal((1, AttemptOutcome.TimedOut), (task.Failures, task.Outcome));

        for (var i = 0; i < 3; i++) bench.State.Deadlines.Add(task.RetryAt!.Value, new Deadline.Retry(task.Id, 1));
        bench.Pass(TimeSpan.FromSeconds(19)).Turn(bench.Beat("w"));

        Assert.Equal((TaskState.Offered, 2, 1), (task.State, task.Attempt, task.Failures));
        Assert.Single(bench.Steps(task.Id), step => step.Event == "retry-due");
    }

    /// <summary>Row 25 of the faults: the timer of the reserve's review, which is due every 10 s.</summary>
    /// <param name="every">Seconds between two that come.</param>
    /// <param name="copies">How many come at once.</param>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(10, 5)]
    [InlineData(97, 1)]
    [InlineData(97, 5)]
    public void Reviews_left_out_late_or_doubled_bring_in_the_same_reserve_and_send_it_home(int every, int copies)
    {
        var bench = new SchedulerBench(new PoolSettings
        {
            Name = "default",
            Reserve = new ReserveSettings { Policy = ReservePolicyName.Gradual, BacklogAbove = 1 },
            HeartbeatInterval = TimeSpan.FromHours(1),
        });
        for (var i = 0; i < 3; i++) bench.AddWorker($"reserve-{i}", role: WorkerRole.Reserve);
        for (var i = 0; i < 9; i++) bench.Submit();

        Review(bench, every, copies);
        Assert.Equal(3, bench.State.Workers.Values.Count(worker => worker.Record.Activated));
        while (bench.State.Tasks.Count > 0) bench.Turn([.. Held(bench).Select(task => bench.Report(WireKind.Succeeded, task))]);
        Review(bench, every, copies);

        var changes = bench.Commits.SelectMany(commit => commit.FleetEvents).Where(change => change.Kind is "activated" or "deactivated").ToList();
        Assert.Equal(["activated", "activated", "activated", "deactivated", "deactivated", "deactivated"], changes.Select(change => change.Kind));
        var settings = new ReserveSettings();
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(
            pair.Second.At - pair.First.At >= (pair.Second.Kind == "activated" ? settings.ReviewEvery : settings.CoolDown), $"{pair}"));
    }

    /// <summary>Ten minutes.</summary>
    private static void Review(SchedulerBench bench, int every, int copies)
    {
        for (var second = 1; second <= 600; second++)
        {
            bench.Pass(Second).Turn([.. Enumerable.Repeat(new ReserveReviewInput(), second % every == 0 ? copies : 0),
                .. Held(bench).Where(task => task.State == TaskState.Offered).Select(task => bench.Report(WireKind.Started, task))]);
        }
    }

    private static List<TaskRecord> Held(SchedulerBench bench) => [.. bench.State.Workers.Values.SelectMany(worker => worker.Held.Values)];

    private static void Beat(SchedulerBench bench, TimeSpan time)
    {
        for (var end = bench.Now + time; bench.Now < end;)
            bench.Pass(10 * Second).Turn([.. bench.State.Workers.Keys.Select(bench.Beat)]);
    }
}
