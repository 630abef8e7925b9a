namespace Broker.Chaos;

/// <summary>Messy, but as promised.</summary>
public sealed class GoodHistoryTests
{
    [Fact]
    public void Tasks_that_run_once_are_good() => AssertGood(new RecordedRun()
        .Worker("a", slots: 2).Worker("b", slots: 2)
        .Submit("t1").Submit("t2").Submit("t3")
        .Offer("t1", "a", offer => offer with { Load = 0, Eligible = 2 })
        .Offer("t2", "b", offer => offer with { Load = 0, Eligible = 2 })
        .Offer("t3", "a", offer => offer with { Load = 0.5, Eligible = 2 })
        .Run("t1").Run("t2").Run("t3"));

    [Fact]
    public void Offers_of_one_turn_are_judged_in_the_order_of_their_numbers() => AssertGood(new RecordedRun()
        .Worker("a").Worker("b")
        .InOneTurn(run => run.Submit("low", priority: 1).Submit("high", priority: 9)
            // The turn writes its tasks in the order of arrival, and offered them in that of priority.
            .Offer("low", "b", offer => offer with { Offer = 2 }).Offer("high", "a", offer => offer with { Offer = 1 }))
        .Run("high").Run("low"));

    [Fact]
    public void A_report_of_an_attempt_given_up_counts_while_no_newer_one_was_offered() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").End("t1").Fault("bot-pause")
        .Wait(40).Lost("a", "t1").Succeeded("t1"));

    [Fact]
    public void A_success_counts_even_after_a_time_out() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").Wait(60).TimedOut("t1").End("t1").Succeeded("t1"));

    [Fact]
    public void A_superseded_report_is_noted_and_changes_nothing() => AssertGood(new RecordedRun()
        .Worker("a").Worker("b").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").End("t1").Fault("bot-pause")
        .Wait(40).Lost("a", "t1").Offer("t1", "b").Begin("t1")
        .Note("t1", "superseded", "offered").Started("t1").End("t1").Succeeded("t1"));

    [Fact]
    public void An_agent_that_crashed_may_begin_the_attempt_again_in_its_next_session() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Fault("bot-kill")
        .Register("a").Begin("t1").End("t1").Started("t1").Succeeded("t1"));

    [Fact]
    public void A_submit_without_an_answer_may_have_become_a_task() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1", phase: HistoryPhase.Info).Offer("t1", "a").Run("t1"));

    [Fact]
    public void A_submit_without_an_answer_may_have_become_nothing() => AssertGood(new RecordedRun()
        .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Invoke })
        .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Info }));

    [Fact]
    public void A_key_handed_in_until_it_is_answered_is_one_task() => AssertGood(new RecordedRun()
        .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Invoke, Key = "k" })
        .Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Info, Key = "k" })
        .Worker("a").Submit("t1", key: "k").Offer("t1", "a").Run("t1"));

    [Fact]
    public void A_running_task_can_be_canceled() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1")
        .Own("t1", "cancel-requested", "canceling").End("t1", HistoryPhase.Info)
        .InOneTurn(run => run.Ended("t1", "canceled", "canceling", "a").Note("t1", "canceled", "canceled")));

    [Fact]
    public void A_result_may_win_against_a_cancel() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1")
        .Own("t1", "cancel-requested", "canceling").End("t1").Succeeded("t1"));

    [Fact]
    public void A_dead_task_begins_a_second_round_where_its_attempts_go_on() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1", with: task => task with { MaxAttempts = 1 }).Offer("t1", "a").Begin("t1").Started("t1")
        .End("t1", HistoryPhase.Fail).InOneTurn(run => run.Failed("t1", "dead").Note("t1", "dead", "dead"))
        .Row("t1", task => task with { Round = 2, Failures = 0 }).Note("t1", "retried", "queued")
        .Offer("t1", "a").Run("t1"));

    [Fact]
    public void A_failure_that_is_no_use_to_repeat_ends_a_task_at_once() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").End("t1", HistoryPhase.Fail, HistoryLine.NotRetryable)
        .InOneTurn(run => run.Failed("t1", "dead").Note("t1", "dead", "dead")));

    [Fact]
    public void A_failed_attempt_is_followed_by_another_without_a_fault() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").End("t1", HistoryPhase.Fail)
        .Failed("t1").Note("t1", "retry-due", "queued").Offer("t1", "a").Run("t1"));

    [Fact]
    public void An_offer_nobody_got_costs_nothing() => AssertGood(new RecordedRun()
        .Worker("a").Worker("b").Submit("t1").Offer("t1", "a")
        .InOneTurn(run => run.Ended("t1", "undeliverable", reason: "queue-missing").Fleet("lost", "a", "its queue is missing"))
        .Offer("t1", "b").Run("t1"));

    [Fact]
    public void A_drained_worker_gives_back_what_it_runs() => AssertGood(new RecordedRun()
        .Worker("a").Worker("b").Submit("t1").Offer("t1", "a").Begin("t1").Started("t1").Fleet("draining", "a")
        .End("t1", HistoryPhase.Info).InOneTurn(run => run.Ended("t1", "released", by: "a").Fleet("drained", "a"))
        .Offer("t1", "b").Run("t1"));

    [Fact]
    public void Workers_that_vanish_three_times_poison_a_task() => AssertGood(new RecordedRun()
        .Worker("a").Submit("t1").Offer("t1", "a").Fault("bot-kill").Wait(40).Lost("a", "t1")
        .Register("a").Offer("t1", "a").Wait(40).Lost("a", "t1")
        .Register("a").Offer("t1", "a").Wait(40).Lost("a", "t1").Note("t1", "dead", "dead"));

    [Fact]
    public void An_activated_reserve_worker_helps_when_the_active_are_full() => AssertGood(new RecordedRun()
        .Worker("a").Worker("r", role: "reserve").Submit("t1").Submit("t2").Offer("t1", "a")
        .Fleet("activated", "r").Offer("t2", "r").Run("t1").Run("t2"));

    [Fact]
    public void A_smaller_task_may_pass_one_that_needs_more_room() => AssertGood(new RecordedRun()
        .Worker("a", slots: 2).Submit("t1").Offer("t1", "a")
        .Submit("big", priority: 9, with: task => task with { Cost = 2 }).Submit("small", priority: 0).Offer("small", "a").Run("t1").Run("small").Offer("big", "a").Run("big"));

    [Fact]
    public void Poison_that_was_planted_may_lie_in_quarantine()
    {
        var run = new RecordedRun();
        run.Queues.AddRange([new("quarantine", 2), new("broker.0.submissions_error", 0)]);

        Assert.Empty(run.Check(new CheckOptions { PlantedQuarantine = 2 }).Violations);
    }

    private static void AssertGood(RecordedRun run) => Assert.Empty(run.Check().Violations.Select(x => $"{x.Invariant}: {x.What}"));
}
