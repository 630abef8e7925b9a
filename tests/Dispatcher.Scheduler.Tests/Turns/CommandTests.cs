using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class CommandTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void Only_a_dead_task_is_given_a_new_round()
    {
        var id = _bench.Submit();

        Assert.Equal(ProblemCode.TaskNotDead, _bench.Refusal(new RetryTask { Task = id }));
        Assert.Equal(ProblemCode.UnknownTask, _bench.Refusal(new RetryTask { Task = Guid.NewGuid() }));
        Assert.Equal(ProblemCode.UnknownTask, _bench.Refusal(new ExplainTask { Task = Guid.NewGuid() }));
    }

    [Fact]
    public void A_task_that_dies_and_is_retried_in_one_turn_never_leaves()
    {
        _bench.AddWorker("w", transport: WorkerTransport.Http);
        var task = _bench.Task(_bench.Submit(maxAttempts: 1));
        var failed = new ReportAttempts { Reports = [new HttpReport { Kind = WireKind.Failed, Report = SchedulerBench.ReportOf(task) }] };

        _bench.Turn(new CommandInput(failed, new Asker()), new CommandInput(new RetryTask { Task = task.Id }, new Asker()));

        Assert.Equal((TaskState.Offered, 2, 2), (task.State, task.Attempt, (int)task.Round));
        Assert.Empty(_bench.LastCommit.Revived);
        Assert.Empty(_bench.LastCommit.Finished);
        Assert.Same(task, Assert.Single(_bench.LastCommit.Updated));
        Assert.Equal(["attempt-ended", "dead", "retried", "offered"], Assert.Single(_bench.LastCommit.TaskEvents).Transitions.Select(step => step.Event));
    }

    [Fact]
    public void Who_waits_is_answered_with_everything_that_finished_in_the_turn()
    {
        _bench.AddWorker("w", slots: 3);
        var tasks = Enumerable.Range(0, 3).Select(_ => _bench.Task(_bench.Submit())).ToList();
        var asker = _bench.Send(new WaitTasks { Tasks = [.. tasks.Select(task => task.Id)], Timeout = TimeSpan.FromSeconds(30) });
        Assert.Null(asker.Answered);

        _bench.Turn(_bench.Report(WireKind.Succeeded, "w", [.. tasks.Take(2).Select(task => SchedulerBench.ReportOf(task))]));

        Assert.Equal(tasks.Take(2).Select(task => task.Id), Assert.IsType<TasksFinished>(asker.Answered).Tasks);
        Assert.Equal(0, _bench.State.Waiters.Count);
    }

    [Fact]
    public void Who_waits_for_what_has_finished_is_answered_at_once_and_else_when_the_time_is_over()
    {
        _bench.AddWorker("w");
        var done = _bench.Submit();
        _bench.Turn(_bench.Report(WireKind.Succeeded, _bench.Task(done)));
        var open = _bench.Submit();

        Assert.Equal([done], _bench.Ask<TasksFinished>(new WaitTasks { Tasks = [open, done], Timeout = TimeSpan.FromSeconds(5) }).Tasks);
        var asker = _bench.Send(new WaitTasks { Tasks = [open, Guid.NewGuid()], Timeout = TimeSpan.FromSeconds(5) });
        _bench.Run(TimeSpan.FromSeconds(5));

        Assert.Empty(Assert.IsType<TasksFinished>(asker.Answered).Tasks);
    }

    [Fact]
    public void Who_waits_is_answered_once_although_a_turn_was_discarded()
    {
        _bench.AddWorker("w");
        var task = _bench.Task(_bench.Submit());
        var (early, late) = (_bench.Send(new WaitTasks { Tasks = [task.Id], Timeout = TimeSpan.FromSeconds(30) }), new Asker());
        var wait = new CommandInput(new WaitTasks { Tasks = [task.Id], Timeout = TimeSpan.FromSeconds(30) }, late);
        var state = _bench.State;

        _bench.LostTurn(wait, _bench.Report(WireKind.Progress, task));
        _bench.TakeOver();
        _bench.Adopt(state);
        _bench.Turn(wait);

        Assert.Empty(Assert.IsType<TasksFinished>(early.Answered).Tasks);          // asks again
        Assert.Null(late.Answered);
        _bench.Turn(_bench.Report(WireKind.Succeeded, task));
        Assert.Equal([task.Id], Assert.IsType<TasksFinished>(late.Answered).Tasks);
    }

    [Fact]
    public void Workers_are_shown_as_they_are_now()
    {
        _bench.AddWorker("w", slots: 2);
        var id = _bench.Submit(cost: 2);

        var workers = _bench.Ask<WorkersNow>(new AskWorkers { Workers = ["w", "x"] }).Workers;

        Assert.Equal((2, new HeldAttempt(id, 1)), (workers[0]!.SlotsUsed, Assert.Single(workers[0]!.Attempts)));
        Assert.Null(workers[1]);
    }

    [Fact]
    public void Putting_the_same_pool_again_writes_nothing()
    {
        var pool = new PoolSettings { Name = "gpu" };

        Assert.True(_bench.Ask<PoolChanged>(new PutPool { Pool = pool }).Created);
        Assert.False(_bench.Ask<PoolChanged>(new PutPool { Pool = pool with { } }).Created);
        Assert.True(_bench.LastCommit.IsEmpty);
    }
}
