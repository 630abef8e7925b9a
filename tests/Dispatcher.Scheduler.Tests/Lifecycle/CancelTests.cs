using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

public sealed class CancelTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void A_queued_task_is_canceled_at_once()
    {
        var id = _bench.Submit();

        Assert.Equal(TaskState.Canceled, Cancel(id));
        Assert.Equal(0, _bench.State.Backlog.Count);
    }

    [Fact]
    public void A_task_that_waits_for_its_retry_is_canceled_at_once()
    {
        var task = Running();
        _bench.Turn(_bench.Report(WireKind.Failed, task));

        Assert.Equal(TaskState.Canceled, Cancel(task.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_worker_that_has_it_is_told_and_answers_released(bool started)
    {
        var task = started ? Running() : Offered();

        Assert.Equal(TaskState.Canceling, Cancel(task.Id));
        Assert.Equal((task.Id, AttemptOutcome.Canceled), _bench.CancelsSent.Select(cancel => (cancel.Task, cancel.Reason)).Single());
        _bench.Turn(_bench.Report(WireKind.Released, task));

        Assert.Equal((TaskState.Canceled, AttemptOutcome.Canceled), (task.State, task.Outcome));
        Assert.Equal(0, _bench.State.Workers["w"].SlotsUsed);
    }

    [Fact]
    public void A_result_that_came_first_counts()
    {
        var task = Running();
        Cancel(task.Id);

        _bench.Turn(_bench.Report(WireKind.Succeeded, task));

        Assert.Equal(TaskState.Succeeded, task.State);
    }

    [Fact]
    public void A_failure_of_a_canceled_task_is_not_retried()
    {
        var task = Running();
        Cancel(task.Id);

        _bench.Turn(_bench.Report(WireKind.Failed, task));

        Assert.Equal(TaskState.Canceled, task.State);
    }

    [Fact]
    public void A_worker_that_starts_it_before_it_hears_is_told_again()
    {
        var task = Offered();
        Cancel(task.Id);

        _bench.Turn(_bench.Report(WireKind.Started, task));

        Assert.Equal(TaskState.Canceling, task.State);
        Assert.Equal(2, _bench.CancelsSent.Count());
    }

    [Fact]
    public void A_worker_that_does_not_answer_has_thirty_seconds()
    {
        var task = Running();
        Cancel(task.Id);

        _bench.Pass(TimeSpan.FromSeconds(29)).Turn(_bench.Beat("w"));
        Assert.Equal(TaskState.Canceling, task.State);
        _bench.Pass(TimeSpan.FromSeconds(1)).Turn();

        Assert.Equal(TaskState.Canceled, task.State);
        Assert.Equal([TaskState.Canceling, TaskState.Canceling, TaskState.Canceled], _bench.Steps(task.Id).TakeLast(3).Select(step => step.State));
    }

    [Fact]
    public void A_vanished_worker_ends_the_cancel()
    {
        var task = Running();
        Cancel(task.Id);

        _bench.Turn(new CommandInput(_bench.Registration("w"), new Asker()));

        Assert.Equal(TaskState.Canceled, task.State);
    }

    [Fact]
    public void Canceling_again_says_the_same()
    {
        var task = Running();

        Assert.Equal(TaskState.Canceling, Cancel(task.Id));
        Assert.Equal(TaskState.Canceling, Cancel(task.Id));
        _bench.Turn(_bench.Report(WireKind.Released, task));
        Assert.Equal(TaskState.Canceled, Cancel(task.Id));
        Assert.Single(_bench.CancelsSent);
    }

    [Fact]
    public void What_has_finished_is_not_canceled()
    {
        var task = Running();
        _bench.Turn(_bench.Report(WireKind.Succeeded, task));

        Assert.Equal(ProblemCode.TaskFinished, _bench.Refusal(new CancelTask { Task = task.Id }));
        Assert.Equal(ProblemCode.UnknownTask, _bench.Refusal(new CancelTask { Task = Guid.NewGuid() }));
    }

    [Fact]
    public void Late_reports_after_a_cancel_are_recorded_once_they_tell_something()
    {
        var task = Running();
        Cancel(task.Id);
        _bench.Turn(_bench.Report(WireKind.Released, task));

        _bench.Turn(_bench.Report(WireKind.Succeeded, task));

        Assert.Equal(TaskState.Canceled, task.State);
        Assert.Equal("superseded", _bench.Steps(task.Id).Last().Event);
    }

    private string Cancel(Guid task) => _bench.Ask<TaskChanged>(new CancelTask { Task = task, By = "ann", Reason = "not needed" }).State;

    private TaskRecord Offered()
    {
        _bench.AddWorker("w");
        return _bench.Task(_bench.Submit());
    }

    private TaskRecord Running()
    {
        var task = Offered();
        _bench.Turn(_bench.Report(WireKind.Started, task));
        return task;
    }
}
