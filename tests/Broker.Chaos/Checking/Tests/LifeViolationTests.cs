namespace Broker.Chaos;

/// <summary>Histories with one thing wrong in the life of a task, S1–S7 and S14–S16.</summary>
public sealed class LifeViolationTests
{
    [Fact]
    public void S1_an_accepted_task_that_is_nowhere() => Done()
        .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Ok, Task = RecordedRun.Id("t9") }).AssertBreaks("S1");

    [Fact]
    public void S1_an_accepted_task_that_vanished_later() => Done().Lose("t1").AssertBreaks("S1");

    [Fact]
    public void S1_a_task_that_did_not_end() => Running().AssertBreaks("S1");

    [Fact]
    public void S1_an_accepted_task_the_API_knows_nothing_of() => Done().Log(Get(HistoryPhase.Fail)).AssertBreaks("S1");

    [Fact]
    public void S1_two_tasks_of_one_submit_without_an_answer() => new RecordedRun().Worker("a")
        .Submit("t1", phase: HistoryPhase.Info).Offer("t1", "a").Run("t1")
        .Submit("t2", phase: HistoryPhase.Fail).Offer("t2", "a").Run("t2").AssertBreaks("S1");

    [Fact]
    public void S2_a_row_that_says_something_else_than_its_events() => Done().Row("t1", row => row with { Losses = 1 }).AssertBreaks("S2");

    [Fact]
    public void S2_a_task_that_is_active_and_finished_at_once()
    {
        var history = Done().ToHistory();
        Assert.Equal("S2", Assert.Single(Checker.Check(history with { Tasks = [.. history.Tasks, history.Tasks[0]] }, new CheckOptions()).Violations).Invariant);
    }

    [Fact]
    public void S2_an_event_that_is_missing() => Done().Submit("t2").Offer("t2", "a").Run("t2")
        .Forget(row => row.Transitions[0].Event == "started" && row.Task == RecordedRun.Id("t1")).AssertBreaks("S2");

    [Fact]
    public void S3_a_second_end() => Done().Ended("t1", "succeeded", "succeeded", "a").AssertBreaks("S3");

    [Fact]
    public void S3_a_finished_task_that_is_offered_again() => Done().Fault("takeover").Offer("t1", "a").Run("t1").AssertBreaks("S3");

    [Fact]
    public void S3_a_succeeded_task_with_a_new_round() => Done().Fault("takeover")
        .Row("t1", row => row with { Round = 2, Result = null }).Note("t1", "retried", "queued").Offer("t1", "a").Run("t1").AssertBreaks("S3");

    [Fact]
    public void S3_a_state_the_API_showed_and_that_never_was() => Done().Log(Get(HistoryPhase.Ok) with { State = "canceled" }).AssertBreaks("S3");

    [Fact]
    public void S4_a_key_with_two_tasks() => new RecordedRun().Worker("a")
        .Submit("t1", key: "k").Offer("t1", "a").Run("t1").Submit("t2", key: "k").Offer("t2", "a").Run("t2").AssertBreaks("S4");

    [Fact]
    public void S4_a_task_that_is_recorded_twice() => new RecordedRun().Worker("a").Submit("t1")
        .Note("t1", "submitted", "queued").Offer("t1", "a").Run("t1").AssertBreaks("S4");

    [Fact]
    public void S5_a_task_with_two_leases() => new RecordedRun().Worker("a").Worker("b").Submit("t1")
        .Offer("t1", "a").Offer("t1", "b").Run("t1").AssertBreaks("S5");

    [Fact]
    public void S5_a_task_that_ends_while_a_worker_has_it() => Running().Note("t1", "canceled", "canceled").AssertBreaks("S5");

    [Fact]
    public void S6_a_report_of_a_superseded_attempt_that_is_obeyed() => Superseded().Fault("pause")
        .Step("t1", new RecordedStep { Event = "attempt-ended", State = "succeeded", Attempt = 1, Worker = "a", Outcome = "succeeded", By = "a" })
        .End("t1").Row("t1", row => row with { Result = "\"made in attempt 2\"" }).AssertBreaks("S6");

    [Fact]
    public void S6_a_start_that_somebody_else_reports() => new RecordedRun().Worker("a").Worker("b").Submit("t1").Offer("t1", "a").Begin("t1")
        .Step("t1", new RecordedStep { Event = "started", State = "running", Attempt = 1, Worker = "a", By = "b" })
        .End("t1").Succeeded("t1").AssertBreaks("S6");

    [Fact]
    public void S6_an_attempt_that_is_left_out() => new RecordedRun().Worker("a").Submit("t1")
        .Offer("t1", "a", offer => offer with { Attempt = 2 }).Run("t1").AssertBreaks("S6");

    [Fact]
    public void S6_a_token_older_than_the_one_before() => new RecordedRun().Worker("a").Submit("t1")
        .Offer("t1", "a", offer => offer with { Offer = 7 }).Begin("t1").End("t1", HistoryPhase.Info).Ended("t1", "released", by: "a")
        .Offer("t1", "a", offer => offer with { Offer = 6 }).Run("t1").AssertBreaks("S6");

    [Fact]
    public void S6_a_success_the_worker_never_made() => Running().Succeeded("t1").AssertBreaks("S6");

    [Fact]
    public void S6_a_failure_that_counts_after_the_attempt_was_given_back() => Running().End("t1", HistoryPhase.Fail)
        .Ended("t1", "released", by: "a").Failed("t1").Note("t1", "retry-due", "queued").Offer("t1", "a").Run("t1").AssertBreaks("S6");

    [Fact]
    public void S7_the_result_of_another_attempt() => Superseded().Fault("pause")
        .Started("t1").End("t1").Succeeded("t1").Row("t1", row => row with { Result = "\"made in attempt 1\"" }).AssertBreaks("S7");

    [Fact]
    public void S7_another_result_in_the_API() => Done().Log(Get(HistoryPhase.Ok) with { State = "succeeded", Result = "1" }).AssertBreaks("S7");

    [Fact]
    public void S14_an_older_epoch_after_a_newer_one()
    {
        var run = new RecordedRun { Epoch = 2 }.Worker("a").Submit("t1").Offer("t1", "a").Run("t1");
        run.Epoch = 1;
        run.Submit("t2").Offer("t2", "a").Run("t2").AssertBreaks("S14");
    }

    [Fact]
    public void S14_a_leader_that_counts_on_from_the_past() => new RecordedRun().Worker("a")
        .Submit("t1").Offer("t1", "a", offer => offer with { Offer = 9 }).Run("t1")
        .Submit("t2").Offer("t2", "a", offer => offer with { Offer = 8 }).Run("t2").AssertBreaks("S14");

    [Fact]
    public void S14_two_commits_with_one_number()
    {
        var history = Done().ToHistory();
        var twin = history.TaskEvents[^1] with { Transitions = [new RecordedStep { Event = "superseded", State = "succeeded" }] };
        Assert.Equal("S14", Assert.Single(Checker.Check(history with { TaskEvents = [.. history.TaskEvents, twin] }, new CheckOptions()).Violations).Invariant);
    }

    [Fact]
    public void S15_more_attempts_than_allowed() => new RecordedRun().Worker("a").Submit("t1", with: task => task with { MaxAttempts = 1 })
        .Offer("t1", "a").Begin("t1").Started("t1").End("t1", HistoryPhase.Fail)
        .Failed("t1").Note("t1", "retry-due", "queued").Offer("t1", "a").Run("t1").AssertBreaks("S15");

    [Fact]
    public void S15_a_death_before_the_attempts_are_used_up() => Running().End("t1", HistoryPhase.Fail)
        .InOneTurn(run => run.Failed("t1", "dead").Note("t1", "dead", "dead")).AssertBreaks("S15");

    [Fact]
    public void S15_a_canceled_task_that_is_offered_again() => new RecordedRun().Worker("a").Submit("t1")
        .Note("t1", "canceled", "canceled").Offer("t1", "a").Run("t1").AssertBreaks("S15");

    [Fact]
    public void S15_a_fourth_attempt_after_three_losses()
    {
        var run = new RecordedRun().Worker("a").Submit("t1").Fault("bot-kill");
        for (var i = 0; i < 3; i++) run.Offer("t1", "a").Wait(40).Lost("a", "t1").Register("a");
        run.Offer("t1", "a").Run("t1").AssertBreaks("S15");
    }

    [Fact]
    public void S16_a_worker_lost_too_early() => Running().Fault("bot-kill").Wait(10).Lost("a", "t1").Register("a").Offer("t1", "a").Run("t1").AssertBreaks("S16");

    [Fact]
    public void S16_an_attempt_lost_with_a_worker_that_is_not() => Running().Fault("bot-kill")
        .Row("t1", row => row with { Losses = 1 }).Ended("t1", "lost").Offer("t1", "a").Run("t1").AssertBreaks("S16");

    [Fact]
    public void S16_an_offer_that_ended_before_its_lease() => new RecordedRun().Worker("a").Submit("t1").Offer("t1", "a")
        .Wait(50).Ended("t1", "undeliverable", reason: "not-started").Offer("t1", "a").Run("t1").AssertBreaks("S16");

    [Fact]
    public void S16_a_time_out_before_its_time() => Running().Wait(40).TimedOut("t1").End("t1").Succeeded("t1").AssertBreaks("S16");

    [Fact]
    public void S16_a_cancel_that_was_not_waited_for() => Running().Own("t1", "cancel-requested", "canceling").Wait(20)
        .InOneTurn(run => run.Ended("t1", "canceled", "canceling", reason: "no-answer").Note("t1", "canceled", "canceled")).AssertBreaks("S16");

    private static RecordedRun Running() => new RecordedRun().Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1");

    private static RecordedRun Done() => Running().End("t1").Succeeded("t1");

    /// <summary>Attempt 1 ended on a worker that was lost, attempt 2 runs on another one.</summary>
    private static RecordedRun Superseded() => Running().End("t1").Fault("bot-pause").Wait(40).Lost("a", "t1").Worker("b").Offer("t1", "b").Begin("t1");

    private static HistoryLine Get(string phase) => new() { Op = HistoryOp.Get, Phase = phase, Task = RecordedRun.Id("t1") };
}
