using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class ExplainTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void Names_what_each_worker_of_the_pool_lacks()
    {
        _bench.AddWorker("a");
        _bench.AddWorker("b", types: ["mail"]);
        _bench.AddWorker("r", role: WorkerRole.Reserve, labels: new() { ["gpu"] = "a100" });
        var reason = Assert.Single(Explain(_bench.Submit(requires: new() { ["gpu"] = "a100" })));

        Assert.Equal(("no-eligible-worker", 3), (reason.Code, reason.Workers));
        Assert.Equal([("is reserve, not activated", 1), ("label gpu=a100", 2), ("type resize", 1)],
            reason.Missing!.Select(lack => (lack.Key, lack.Value)));
    }

    [Fact]
    public void A_task_too_costly_for_every_worker_is_told_so()
    {
        _bench.AddWorker("a", slots: 4);

        var reason = Assert.Single(Explain(_bench.Submit(cost: 5)));

        Assert.Equal(("no-eligible-worker", "5 slots"), (reason.Code, Assert.Single(reason.Missing!).Key));
    }

    [Fact]
    public void A_full_pool_shows_its_slots_and_who_goes_first()
    {
        _bench.AddWorker("a", slots: 2);
        for (var i = 0; i < 3; i++) _bench.Submit();                        // two run, one waits
        var id = _bench.Submit();
        _bench.Submit(priority: 9);
        _bench.Submit();
        _bench.Submit(pool: "elsewhere", priority: 9);

        var reasons = Explain(id);

        Assert.Equal(("pool-full", 2, 2), (reasons[0].Code, reasons[0].SlotsUsed, reasons[0].SlotsTotal));
        Assert.Equal(("priority", 2L, false), (reasons[1].Code, reasons[1].Ahead, reasons[1].Approximate));
    }

    [Fact]
    public void A_costly_task_waits_for_room_while_smaller_ones_pass()
    {
        _bench.AddWorker("a", slots: 4);
        _bench.Submit(cost: 3);
        var id = _bench.Submit(cost: 2, priority: 9);
        var small = _bench.Task(_bench.Submit(cost: 1));

        var reason = Explain(id)[0];

        Assert.Equal(TaskState.Offered, small.State);
        Assert.Equal(("pool-full", 4, 4), (reason.Code, reason.SlotsUsed, reason.SlotsTotal));
        _bench.Turn(_bench.Report(WireKind.Succeeded, small));
        reason = Explain(id)[0];
        Assert.Equal(("waiting-for-room", 3, 4, 2), (reason.Code, reason.SlotsUsed, reason.SlotsTotal, reason.Cost));
    }

    [Fact]
    public void A_retry_tells_its_time_and_what_runs_or_is_done_has_no_reasons()
    {
        _bench.AddWorker("a");
        var task = _bench.Task(_bench.Submit());
        Assert.Empty(Explain(task.Id));

        _bench.Turn(_bench.Report(WireKind.Failed, task, report => report with { RetryAfter = "90s" }));
        var reason = Assert.Single(Explain(task.Id));
        Assert.Equal(("retry-at", task.RetryAt), (reason.Code, reason.At));

        _bench.Ask<TaskChanged>(new CancelTask { Task = task.Id });
        Assert.Empty(Explain(task.Id));
    }

    private IReadOnlyList<ExplainReason> Explain(Guid task) => _bench.Ask<TaskExplained>(new ExplainTask { Task = task }).Reasons;
}
