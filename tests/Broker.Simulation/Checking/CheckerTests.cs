using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A checker that never failed proves nothing: one bad history, at least, for each rule.</summary>
public class CheckerTests
{
    private readonly BadHistory _history = new();

    [Fact]
    public void Says_nothing_about_a_good_history()
    {
        var task = Running("a");
        _history.Produce(task, WireKind.Succeeded);
        _history.End(task, AttemptOutcome.Succeeded, TaskState.Succeeded, by: "a");
        _history.Commit().Checker.World.Accepted.Add(task.Id);
        _history.Checker.Drained();

        Assert.Null(_history.Checker.Violation);
    }

    [Fact]
    public void S1_notices_an_accepted_task_that_never_ended()
    {
        var task = Running("a");
        _history.Checker.World.Accepted.Add(task.Id);
        _history.Checker.Drained();

        Assert.Equal("S1", _history.Broken);
    }

    [Fact]
    public void S1_notices_an_accepted_task_that_was_never_recorded()
    {
        _history.Checker.World.Accepted.Add(Guid.NewGuid());
        _history.Checker.Drained();

        Assert.Equal("S1", _history.Broken);
    }

    [Fact]
    public void S2_notices_a_row_that_says_something_else_than_the_steps()
    {
        var task = Running("a");
        _history.Step(task, new TaskTransition { Event = "progress", State = TaskState.Running, Attempt = 1, Worker = "a", By = "a" });
        _history.Begin(task);
        task.Failures = 2;

        Assert.Equal("S2", _history.Commit().Broken);
    }

    [Fact]
    public void S3_notices_a_second_end()
    {
        var task = Running("a");
        _history.Produce(task, WireKind.Succeeded);
        _history.End(task, AttemptOutcome.Succeeded, TaskState.Succeeded, by: "a");
        _history.Commit();
        _history.Step(task, new TaskTransition { Event = "canceled", State = TaskState.Canceled });

        Assert.Equal("S3", _history.Commit().Broken);
    }

    [Fact]
    public void S4_notices_a_task_recorded_twice()
    {
        var task = _history.Submit();
        _history.Commit();
        _history.Step(task, new TaskTransition { Event = "submitted", State = TaskState.Queued });

        Assert.Equal("S4", _history.Commit().Broken);
    }

    [Fact]
    public void S5_notices_a_second_lease()
    {
        var task = Running("a");
        _history.Offer(task, "a");

        Assert.Equal("S5", _history.Commit().Broken);
    }

    [Fact]
    public void S6_notices_a_report_of_another_attempt()
    {
        var task = Running("a");
        _history.Step(task, new TaskTransition { Event = "started", State = TaskState.Running, Attempt = 7, Worker = "a", By = "a" });

        Assert.Equal("S6", _history.Commit().Broken);
    }

    [Fact]
    public void S6_notices_a_gap_in_the_attempts()
    {
        _history.Worker("a").Commit();
        _history.Offer(_history.Submit(), "a", attempt: 2);

        Assert.Equal("S6", _history.Commit().Broken);
    }

    [Fact]
    public void S6_notices_a_success_nobody_reported()
    {
        var task = Running("a");
        _history.End(task, AttemptOutcome.Succeeded, TaskState.Succeeded, by: "a");

        Assert.Equal("S6", _history.Commit().Broken);
    }

    [Fact]
    public void S7_notices_a_result_the_worker_did_not_produce()
    {
        var task = Running("a");
        _history.Produce(task, WireKind.Succeeded, "1"u8.ToArray());
        _history.End(task, AttemptOutcome.Succeeded, TaskState.Succeeded, by: "a");

        Assert.Equal("S7", _history.Commit().Broken);
    }

    [Fact]
    public void S8_notices_a_worker_above_its_slots()
    {
        _history.Worker("a", slots: 1).Commit();
        _history.Offer(_history.Submit(), "a");
        _history.Offer(_history.Submit(), "a");

        Assert.Equal("S8", _history.Commit().Broken);
    }

    [Theory]
    [InlineData(Admission.Cordoned, Liveness.Online)]
    [InlineData(Admission.Quarantined, Liveness.Online)]
    [InlineData(Admission.Open, Liveness.Lost)]
    public void S10_notices_an_offer_to_a_worker_that_may_not_have_it(string admission, string liveness)
    {
        _history.Worker("a", admission: admission, liveness: liveness).Commit();
        _history.Offer(_history.Submit(), "a");

        Assert.Equal("S10", _history.Commit().Broken);
    }

    [Fact]
    public void S11_notices_a_reserve_worker_used_too_early()
    {
        _history.Worker("a").Worker("r", role: WorkerRole.Reserve).Commit();
        _history.Offer(_history.Submit(), "r");

        Assert.Equal("S11", _history.Commit().Broken);
    }

    [Fact]
    public void S12_notices_a_choice_that_was_not_the_least_loaded()
    {
        _history.Worker("a").Worker("b").Commit();
        _history.Offer(_history.Submit(), "a");
        _history.Offer(_history.Submit(), "a");

        Assert.Equal("S12", _history.Commit().Broken);
    }

    [Fact]
    public void S13_notices_a_lower_priority_that_went_first()
    {
        _history.Worker("a", slots: 1).Commit();
        _history.Submit(priority: 9);
        _history.Offer(_history.Submit(priority: 1), "a");

        Assert.Equal("S13", _history.Commit().Broken);
    }

    [Fact]
    public void S14_notices_an_epoch_that_is_over() => Assert.Equal("S14", _history.Commit(nextEpoch: 2).Commit(nextEpoch: 1).Commit().Broken);

    [Fact]
    public void S14_notices_a_turn_left_out() => Assert.Equal("S14", _history.Commit(skip: 1).Commit().Broken);

    [Fact]
    public void S15_notices_an_offer_after_the_last_failure()
    {
        _history.Worker("a").Commit();
        var task = _history.Submit(maxAttempts: 1);
        _history.Offer(task, "a");
        _history.Commit();
        _history.Produce(task, WireKind.Failed);
        _history.End(task, AttemptOutcome.Failed, TaskState.Queued, by: "a");
        _history.Commit();
        _history.Offer(task, "a");

        Assert.Equal("S15", _history.Commit().Broken);
    }

    [Fact]
    public void S16_notices_an_offer_given_up_too_early()
    {
        _history.Worker("a").Commit();
        var task = _history.Submit();
        _history.Offer(task, "a");
        _history.Commit().Wait(TimeSpan.FromSeconds(59));
        _history.End(task, AttemptOutcome.Undeliverable, TaskState.Queued, reason: "not-started");

        Assert.Equal("S16", _history.Commit().Broken);
    }

    [Fact]
    public void S16_notices_a_worker_lost_although_it_was_heard()
    {
        _history.Worker("a").Commit().Wait(TimeSpan.FromSeconds(30));
        _history.Checker.Heard(1, "a", "session-a", _history.Now);

        Assert.Equal("S16", _history.Wait(TimeSpan.FromSeconds(10)).Lose("a").Commit().Broken);
    }

    [Theory]
    [InlineData("b", 1, "1-1", 1)]
    [InlineData("a", 2, "1-1", 1)]
    [InlineData("a", 1, "1-9", 1)]
    [InlineData("a", 1, "1-1", 2)]
    public void S17_notices_an_offer_that_matches_no_lease(string queueOf, int attempt, string token, int epoch)
    {
        var task = Running("a");
        _history.Checker.Messages.Sent(queueOf, new OfferMessage
        {
            Offers = [new Offer
            {
                Task = task.Id, Type = "mail", Priority = 4, Pool = "default", Attempt = attempt, Token = token, Session = "session-a",
                Epoch = 1, Number = 1, Cost = 1, Timeout = "10s",
            }],
        }, epoch);

        Assert.Equal("S17", _history.Broken);
    }

    [Fact]
    public void A1_notices_a_submission_acknowledged_too_early()
    {
        _history.Checker.Messages.SubmissionSettled(new TaskSubmitted
        {
            AcceptedAt = _history.Now,
            Tasks = [new SubmittedTask { Id = Guid.NewGuid(), Type = "mail", Priority = 4, Pool = "default", Cost = 1 }],
        });

        Assert.Equal("A1", _history.Broken);
    }

    [Fact]
    public void A1_notices_a_report_acknowledged_too_early()
    {
        var task = Running("a");
        _history.Checker.Messages.ReportSettled(new ReportMessage
        {
            Kind = WireKind.Succeeded,
            Worker = "a",
            Session = "session-a",
            Reports = [new Report { Task = task.Id, Attempt = 1, Token = task.Token.ToString() }],
        });

        Assert.Equal("A1", _history.Broken);
    }

    [Fact]
    public void A2_notices_an_answer_that_is_not_committed()
    {
        _history.Checker.Messages.Answered(new WaitTasks { Tasks = [], Timeout = default }, new TasksFinished { Tasks = [Guid.NewGuid()] });

        Assert.Equal("A2", _history.Broken);
    }

    [Fact]
    public void W1_notices_a_worker_left_idle_for_two_turns()
    {
        _history.Worker("a");
        _history.Submit();
        _history.Commit();
        _history.Worker("b");

        Assert.Equal("W1", _history.Commit().Broken);
    }

    private TaskRecord Running(string worker)
    {
        _history.Worker(worker).Commit();
        var task = _history.Submit();
        _history.Offer(task, worker);
        _history.Commit();
        _history.Begin(task);
        _history.Commit();
        return task;
    }
}
