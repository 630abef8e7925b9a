namespace Broker.Chaos;

/// <summary>Histories with something wrong in what went to bots and what is left in queues: S17, S20, E1.</summary>
public sealed class DeliveryViolationTests
{
    [Fact]
    public void S17_an_offer_that_was_sent_and_never_committed() => Begun()
        .Fault("pause").Log(BeginOf("t1", "a", "1-99")).End("t1").Started("t1").Succeeded("t1").AssertBreaks("S17");

    [Fact]
    public void S17_an_offer_in_the_queue_of_another_worker() => new RecordedRun().Worker("a").Worker("b").Submit("t1").Offer("t1", "a")
        .Log(BeginOf("t1", "b", "1-1")).Fault("pause").Begin("t1").End("t1").Started("t1").Succeeded("t1").AssertBreaks("S17");

    [Fact]
    public void S17_an_offer_that_names_another_task() => new RecordedRun().Worker("a", slots: 2).Submit("t1").Submit("t2")
        .Offer("t1", "a").Offer("t2", "a").Log(BeginOf("t2", "a", "1-1")).Run("t1").Fault("pause").Run("t2").AssertBreaks("S17");

    [Fact]
    public void S17_an_attempt_begun_twice_in_one_session() => new RecordedRun().Worker("a").Submit("t1").Offer("t1", "a")
        .Fault("broker-kill").Begin("t1").Begin("t1").End("t1").Started("t1").Succeeded("t1").AssertBreaks("S17");

    [Fact]
    public void S20_a_message_in_an_error_queue() => With(new("broker.0.submissions_error", 1)).AssertBreaks("S20");

    [Fact]
    public void S20_a_skipped_message() => With(new("broker.0.commands_skipped", 1)).AssertBreaks("S20");

    [Fact]
    public void S20_a_quarantined_message_nobody_planted() => With(new("quarantine", 1)).AssertBreaks("S20");

    [Fact]
    public void S20_planted_poison_that_vanished() => With(new("quarantine", 1)).AssertBreaks("S20", new CheckOptions { PlantedQuarantine = 2 });

    [Fact]
    public void S20_a_queue_of_a_worker_that_is_none() => With(new("broker.w.ghost", 0)).AssertBreaks("S20");

    [Fact]
    public void S20_a_submission_that_was_never_taken() => With(new("broker.0.submissions", 3)).AssertBreaks("S20");

    [Fact]
    public void E1_an_execution_that_is_repeated_without_a_fault() => Begun().Started("t1")
        .InOneTurn(run => run.Ended("t1", "interrupted", reason: "worker-restarted").Fleet("registered", "a"))
        .Offer("t1", "a").Run("t1").AssertBreaks("E1");

    private static RecordedRun Begun() => new RecordedRun().Worker("a").Submit("t1").Offer("t1", "a").Begin("t1");

    private static RecordedRun With(RecordedQueue queue)
    {
        var run = new RecordedRun();
        run.Queues.Add(queue);
        return run;
    }

    private static HistoryLine BeginOf(string task, string worker, string token) => new()
    {
        Op = HistoryOp.Begin,
        Phase = HistoryPhase.Ok,
        Task = RecordedRun.Id(task),
        Attempt = 1,
        Token = token,
        Worker = worker,
        Session = "s",
    };
}
