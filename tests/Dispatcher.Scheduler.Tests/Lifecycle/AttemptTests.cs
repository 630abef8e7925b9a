using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

public sealed class AttemptTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void A_task_is_offered_started_and_succeeds()
    {
        var task = Running();

        _bench.Turn(_bench.Report(WireKind.Succeeded, task, report => report with { Result = new RawJson("7"u8.ToArray()) }));

        Assert.Equal(["submitted", "offered", "started", "attempt-ended"], _bench.Steps(task.Id).Select(step => step.Event));
        Assert.Equal("7"u8.ToArray(), Assert.Single(_bench.LastCommit.Finished).Result);
        Assert.Equal(TaskState.Succeeded, _bench.Task(task.Id).State);
        Assert.Empty(_bench.State.Tasks);
    }

    [Fact]
    public void A_success_without_a_start_is_dated_back_to_when_it_began()
    {
        var task = Offered();
        _bench.Pass(TimeSpan.FromSeconds(10));

        _bench.Turn(_bench.Report(WireKind.Succeeded, task, report => report with { RanMs = 4_000 }));

        Assert.Equal(_bench.Now - TimeSpan.FromSeconds(4), task.StartedAt);
    }

    [Fact]
    public void A_failure_waits_for_its_back_off_and_is_offered_again()
    {
        var task = Running();

        _bench.Turn(_bench.Report(WireKind.Failed, task));
        Assert.Equal(TaskState.Retrying, task.State);
        Assert.InRange(task.RetryAt!.Value - _bench.Now, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        _bench.Pass(TimeSpan.FromSeconds(5)).Turn(_bench.Beat("w"));

        Assert.Equal((TaskState.Offered, 2, 1), (task.State, task.Attempt, task.Failures));
        Assert.Null(task.RetryAt);
    }

    [Fact]
    public void The_last_failure_makes_the_task_dead_with_its_error()
    {
        var task = Running(maxAttempts: 1);

        _bench.Turn(_bench.Report(WireKind.Failed, task, report => report with { Error = new TaskError("no-disk", "The disk is full.") }));

        var finished = Assert.Single(_bench.LastCommit.Finished);
        Assert.Equal((TaskState.Dead, "no-disk"), (finished.Task.State, finished.Error!.Code));
    }

    [Fact]
    public void A_failure_that_is_not_retryable_makes_the_task_dead_at_once()
    {
        var task = Running(maxAttempts: 5);

        _bench.Turn(_bench.Report(WireKind.Failed, task, report => report with { Retryable = false }));

        Assert.Equal(TaskState.Dead, task.State);
    }

    [Fact]
    public void The_wait_a_worker_asks_for_replaces_the_back_off()
    {
        var task = Running();

        _bench.Turn(_bench.Report(WireKind.Failed, task, report => report with { RetryAfter = "90s" }));

        Assert.Equal(_bench.Now + TimeSpan.FromSeconds(90), task.RetryAt);
    }

    [Fact]
    public void The_third_worker_that_vanishes_makes_the_task_poison()
    {
        var task = _bench.Task(_bench.Submit());
        for (var loss = 1; loss <= 3; loss++)
        {
            Assert.Equal(TaskState.Queued, task.State);
            _bench.AddWorker($"w{loss}");
            _bench.Run(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5));
        }

        var finished = Assert.Single(_bench.Commits.SelectMany(commit => commit.Finished));
        Assert.Equal((TaskState.Dead, "poison", 3, 0), (task.State, finished.Error!.Code, task.Losses, task.Failures));
    }

    [Fact]
    public void What_is_nobodys_fault_costs_nothing()
    {
        var task = Running(slots: 1);

        _bench.Turn(_bench.Report(WireKind.Released, task));                                        // released, offered again
        _bench.Turn(new CommandInput(_bench.Registration("w"), new Asker()));                       // interrupted
        _bench.Turn(new ReturnInput("w", [new HeldAttempt(task.Id, task.Attempt)]));                // undeliverable

        Assert.Equal([AttemptOutcome.Released, AttemptOutcome.Interrupted, AttemptOutcome.Undeliverable],
            _bench.Steps(task.Id).Where(step => step.Event == "attempt-ended").Select(step => step.Outcome));
        Assert.Equal((TaskState.Queued, 3, 0, 0), (task.State, task.Attempt, task.Failures, task.Losses));
    }

    [Fact]
    public void An_offer_that_is_not_started_in_time_is_given_up_and_the_worker_told()
    {
        var task = Offered();

        for (var passed = 0; passed < 60; passed += 10) _bench.Pass(TimeSpan.FromSeconds(10)).Turn(_bench.Beat("w"));

        Assert.Equal((2, AttemptOutcome.Undeliverable),
            (task.Attempt, _bench.Steps(task.Id).Single(step => step.Event == "attempt-ended").Outcome));
        Assert.Contains(_bench.CancelsSent, cancel => cancel.Attempt == 1);
    }

    [Fact]
    public void An_attempt_that_runs_too_long_counts_as_a_failure_and_is_stopped()
    {
        var task = Running(timeout: TimeSpan.FromSeconds(5));

        _bench.Run(TimeSpan.FromSeconds(5));

        Assert.Equal((TaskState.Retrying, 1, AttemptOutcome.TimedOut), (task.State, task.Failures, task.Outcome));
        Assert.Equal(AttemptOutcome.TimedOut, Assert.Single(_bench.CancelsSent).Reason);
    }

    [Fact]
    public void A_late_success_of_a_lost_attempt_counts_while_no_newer_one_is_offered()
    {
        var task = Running();
        var late = SchedulerBench.ReportOf(task);
        _bench.Run(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(5));
        Assert.Equal((TaskState.Queued, AttemptOutcome.Lost), (task.State, task.Outcome));

        _bench.Turn(_bench.Report(WireKind.Succeeded, "w", late));

        Assert.Equal(TaskState.Succeeded, task.State);
        Assert.Equal(0, _bench.State.Backlog.Count);
    }

    [Fact]
    public void A_late_success_after_a_timeout_counts_while_the_task_waits()
    {
        var task = Running(timeout: TimeSpan.FromSeconds(5));
        _bench.Run(TimeSpan.FromSeconds(5));

        _bench.Turn(_bench.Report(WireKind.Succeeded, task));

        Assert.Equal(TaskState.Succeeded, task.State);
        Assert.Null(task.RetryAt);
        _bench.Run(TimeSpan.FromSeconds(10));                     // the retry's timer does nothing
        Assert.Equal(TaskState.Succeeded, task.State);
    }

    [Fact]
    public void News_of_a_superseded_attempt_is_recorded_and_changes_nothing()
    {
        var task = Running();
        var late = SchedulerBench.ReportOf(task);
        _bench.Turn(new CommandInput(_bench.Registration("w"), new Asker()));
        Assert.Equal((TaskState.Offered, 2), (task.State, task.Attempt));

        foreach (var kind in new[] { WireKind.Started, WireKind.Progress, WireKind.Succeeded, WireKind.Failed, WireKind.Released })
        {
            _bench.Turn(_bench.Report(kind, "w", late));
            Assert.Equal((TaskState.Offered, 2), (task.State, task.Attempt));
            Assert.Equal(("superseded", 1), (_bench.Steps(task.Id).Last().Event, _bench.Steps(task.Id).Last().Attempt));
            Assert.Empty(_bench.LastCommit.Updated);
        }
    }

    [Fact]
    public void A_report_with_another_token_or_of_another_worker_changes_nothing()
    {
        var task = Running(slots: 1);
        _bench.AddWorker("liar", slots: 1);

        _bench.Turn(_bench.Report(WireKind.Succeeded, task, report => report with { Token = "1-999" }));
        _bench.Turn(_bench.Report(WireKind.Succeeded, task, report => report with { Token = "nonsense" }));
        _bench.Turn(_bench.Report(WireKind.Succeeded, "liar", SchedulerBench.ReportOf(task)));

        Assert.Equal(TaskState.Running, task.State);
    }

    [Theory]
    [InlineData(WireKind.Succeeded)]
    [InlineData(WireKind.Failed)]
    [InlineData(WireKind.Released)]
    public void A_report_that_comes_again_is_not_even_recorded(string kind)
    {
        var task = Running(maxAttempts: 1);
        var report = SchedulerBench.ReportOf(task, report => report with { Error = kind == WireKind.Succeeded ? null : new TaskError("x", "y") });
        _bench.Turn(new CommandInput(new ChangeWorker { Worker = "w", Action = WorkerAction.Cordon }, new Asker()));
        _bench.Turn(_bench.Report(kind, "w", report));

        _bench.Turn(_bench.Report(kind, "w", report), _bench.Report(WireKind.Started, "w", report));

        Assert.Empty(_bench.LastCommit.TaskEvents);
    }

    [Fact]
    public void A_worker_that_repeats_superseded_news_for_ever_is_cut_short()
    {
        var task = Running();
        var late = SchedulerBench.ReportOf(task);
        _bench.Turn(new CommandInput(_bench.Registration("w"), new Asker()));

        for (var i = 0; i < 3_000; i++) _bench.Turn(_bench.Report(WireKind.Failed, "w", late));

        Assert.Equal(Limits.Slots, _bench.Steps(task.Id).Count(step => step.Event == "superseded"));
    }

    [Fact]
    public void Of_a_burst_of_progress_the_last_is_kept_and_nothing_else_written()
    {
        var task = Running();

        _bench.Turn([.. Enumerable.Range(1, 50).Select(percent => _bench.Report(WireKind.Progress, task, report => report with { Percent = percent }))]);

        var happened = Assert.Single(_bench.LastCommit.TaskEvents);
        Assert.Equal(50, Assert.Single(happened.Transitions).Percent);
        Assert.Empty(_bench.LastCommit.Updated);
    }

    [Fact]
    public void A_dead_task_gets_a_new_round_and_its_attempt_numbers_go_on()
    {
        var task = Running(maxAttempts: 1);
        _bench.Turn(_bench.Report(WireKind.Failed, task));
        var old = SchedulerBench.ReportOf(task);

        _bench.Ask<TaskChanged>(new RetryTask { Task = task.Id });

        Assert.Equal((TaskState.Offered, 2, 2, 0), (task.State, task.Attempt, (int)task.Round, (int)task.Failures));
        _bench.Turn(_bench.Report(WireKind.Succeeded, "w", old));
        Assert.Equal(TaskState.Offered, task.State);
        _bench.Turn(_bench.Report(WireKind.Succeeded, task));
        Assert.Equal(TaskState.Succeeded, task.State);
    }

    private TaskRecord Offered(int? maxAttempts = null, TimeSpan? timeout = null, int slots = 1)
    {
        _bench.AddWorker("w", slots);
        return _bench.Task(_bench.Submit(maxAttempts: maxAttempts, timeout: timeout));
    }

    private TaskRecord Running(int? maxAttempts = null, TimeSpan? timeout = null, int slots = 1)
    {
        var task = Offered(maxAttempts, timeout, slots);
        _bench.Turn(_bench.Report(WireKind.Started, task));
        return task;
    }
}
