using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

public sealed class HttpWorkerTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void Its_offers_are_rows_that_go_when_the_attempt_ends()
    {
        var task = Offered();
        Assert.Equal((task.Id, 1), _bench.LastCommit.HttpOffersAdded.Select(offer => (offer.Task, offer.Attempt)).Single());
        Assert.Empty(_bench.OffersSent);

        Assert.Equal(TaskState.Succeeded, Report(WireKind.Succeeded, task).State);

        Assert.Equal([task.Id], _bench.LastCommit.HttpOffersRemoved);
    }

    [Fact]
    public void Its_offers_go_also_when_it_comes_back_over_amqp()
    {
        var task = Offered();

        _bench.AddWorker("w", transport: WorkerTransport.Amqp);

        Assert.Equal([task.Id], _bench.LastCommit.HttpOffersRemoved);
        Assert.Empty(_bench.LastCommit.HttpOffersAdded);
    }

    [Fact]
    public void The_answer_says_what_became_of_a_report()
    {
        var task = Offered();

        Assert.Equal(TaskState.Running, Report(WireKind.Started, task).State);
        Assert.Equal(TaskState.Running, Report(WireKind.Started, task).State);
        Assert.Equal(TaskState.Running, Report(WireKind.Progress, task).State);
        Assert.Equal(ProblemCode.StaleAttempt, Report(WireKind.Succeeded, task, report => report with { Token = "1-77" }).Code);
        Assert.Equal(ProblemCode.StaleAttempt, Report(WireKind.Succeeded, task, report => report with { Attempt = 2 }).Code);
        Assert.Equal(ProblemCode.UnknownTask, Report(WireKind.Succeeded, task, report => report with { Task = Guid.NewGuid() }).Code);
        Assert.Equal(TaskState.Succeeded, Report(WireKind.Succeeded, task).State);
        Assert.Equal(TaskState.Succeeded, Report(WireKind.Succeeded, task).State);
        Assert.Equal(ProblemCode.StaleAttempt, Report(WireKind.Failed, task).Code);
    }

    [Fact]
    public void A_canceled_task_is_not_started_and_the_beat_says_so()
    {
        var task = Offered();
        _bench.Ask<TaskChanged>(new CancelTask { Task = task.Id });

        Assert.Equal(ProblemCode.Canceled, Report(WireKind.Started, task).Code);
        Assert.Equal(task.Id, Assert.Single(Beat().Cancel!).Task);
        Assert.Null(Beat().Cancel);
        Assert.Equal(TaskState.Canceled, Report(WireKind.Released, task).State);
        Assert.Equal(ProblemCode.Canceled, Report(WireKind.Started, task).Code);
    }

    [Fact]
    public void A_beat_tells_whether_the_session_stands()
    {
        Assert.Equal(ProblemCode.UnknownWorker, Beat().Code);
        _bench.AddWorker("w", transport: WorkerTransport.Http);

        Assert.Equal((null, TimeSpan.FromSeconds(10), false), (Beat().Code, Beat().BeatInterval, Beat().Drain));
        Assert.Equal(ProblemCode.StaleSession, Beat(session: "old").Code);
        _bench.Ask<PoolChanged>(new PutPool { Pool = new PoolSettings { Name = "default", HeartbeatInterval = TimeSpan.FromSeconds(30) } });
        Assert.Equal(TimeSpan.FromSeconds(30), Beat().BeatInterval);
    }

    [Fact]
    public void What_it_no_longer_lists_is_interrupted_once_that_is_certain()
    {
        var task = Offered();
        Beat([]);
        Report(WireKind.Started, task);
        _bench.Pass(TimeSpan.FromSeconds(1));
        Beat([]);                                                     // may have been sent before the start
        Assert.Equal(TaskState.Running, task.State);
        _bench.Pass(TimeSpan.FromSeconds(10));

        Beat([]);

        Assert.Equal((2, AttemptOutcome.Interrupted), (task.Attempt, _bench.Steps(task.Id).Single(step => step.Event == "attempt-ended").Outcome));
    }

    [Fact]
    public void What_it_lists_and_should_not_have_is_stopped()
    {
        _bench.AddWorker("w", transport: WorkerTransport.Http);
        var stranger = new HeldAttempt(Guid.NewGuid(), 1);

        Assert.Equal((stranger.Task, "superseded"), Beat([stranger]).Cancel!.Select(cancel => (cancel.Task, cancel.Reason)).Single());
    }

    private TaskRecord Offered()
    {
        _bench.AddWorker("w", transport: WorkerTransport.Http);
        return _bench.Task(_bench.Submit());
    }

    private ReportAnswer Report(string kind, TaskRecord task, Func<Report, Report>? with = null) => Assert.Single(_bench.Ask<AttemptsReported>(
        new ReportAttempts { Reports = [new HttpReport { Kind = kind, Report = SchedulerBench.ReportOf(task, with) }] }).Answers);

    private WorkerBeatAnswer Beat(HeldAttempt[]? attempts = null, string? session = null) => Assert.Single(_bench.Ask<WorkersBeat>(new BeatWorkers
    {
        Beats = [new WorkerBeat { Worker = "w", Session = session ?? _bench.State.Workers.GetValueOrDefault("w")?.Record.Session ?? "none", Attempts = attempts }],
    }).Answers);
}
