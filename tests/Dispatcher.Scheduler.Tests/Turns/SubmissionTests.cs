using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class SubmissionTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void An_id_is_recorded_once_within_a_message_a_turn_and_over_turns()
    {
        var task = SchedulerBench.ATask();

        _bench.Turn(_bench.Submission(task, task), _bench.Submission(task));
        _bench.Turn(_bench.Submission(task));

        Assert.Single(_bench.Commits.SelectMany(commit => commit.Inserted));
        Assert.Equal(1, _bench.State.Backlog.Count);
    }

    [Fact]
    public void A_redelivery_after_the_task_finished_runs_nothing()
    {
        var task = SchedulerBench.ATask();
        _bench.AddWorker("w");
        _bench.Turn(_bench.Submission(task));
        _bench.Turn(_bench.Report(WireKind.Succeeded, _bench.Task(task.Id)));

        _bench.Turn(_bench.Submission(task));

        Assert.True(_bench.LastCommit.IsEmpty);
        Assert.Empty(_bench.State.Tasks);
    }

    [Fact]
    public void A_key_that_comes_with_another_body_is_noted_on_the_first_task()
    {
        var task = SchedulerBench.ATask() with { BodyHash = 1 };
        _bench.Turn(_bench.Submission(task));

        _bench.Turn(_bench.Submission(task with { BodyHash = 2 }));

        Assert.Equal(ProblemCode.IdempotencyConflict, _bench.Steps(task.Id).Last().Event);
        Assert.Empty(_bench.LastCommit.Updated);
    }

    [Fact]
    public void Numbers_beyond_their_bounds_stop_nobody()
    {
        var task = SchedulerBench.ATask(priority: 300, cost: 0, maxAttempts: 70_000, timeout: TimeSpan.FromDays(-1));

        _bench.Turn(_bench.Submission(task));

        var recorded = _bench.Task(task.Id);
        Assert.Equal((9, 1, 100, TimeSpan.FromSeconds(1)),
            (recorded.Priority, recorded.Class.Cost, (int)recorded.MaxAttempts, recorded.Timeout));
    }

    [Fact]
    public void A_pool_nobody_made_makes_the_task_wait_and_leaves_nothing_behind()
    {
        var id = _bench.Submit(pool: "garbage");

        Assert.Equal("unknown-pool", Assert.Single(_bench.Ask<TaskExplained>(new ExplainTask { Task = id }).Reasons).Code);
        Assert.Null(_bench.State.FlowOf("garbage"));
        _bench.Ask<TaskChanged>(new CancelTask { Task = id });
        Assert.Empty(_bench.State.Classes);
    }
}
