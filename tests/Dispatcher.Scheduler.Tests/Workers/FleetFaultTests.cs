using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>What may go wrong with a fleet, one test a fault.</summary>
public sealed class FleetFaultTests
{
    private readonly SchedulerBench _bench = new();

    /// <summary>Row 61 of the faults.</summary>
    [Fact]
    public void A_clock_of_a_worker_that_is_wrong_by_a_day_changes_nothing()
    {
        var (ahead, behind) = (Offered("ahead"), Offered("behind"));
        _bench.Pass(TimeSpan.FromSeconds(3));

        _bench.Turn(_bench.Report(WireKind.Succeeded, ahead, report => report with { RanMs = 86_400_000 }),
            _bench.Report(WireKind.Succeeded, behind, report => report with { RanMs = -86_400_000 }));

        Assert.Equal((ahead.OfferedAt, _bench.Now), (ahead.StartedAt, behind.StartedAt!.Value));
    }

    /// <summary>Row 29 of the faults.</summary>
    [Fact]
    public void When_all_tasks_fail_their_retries_spread_and_others_are_served_at_once()
    {
        for (var i = 0; i < 10; i++) _bench.AddWorker($"w{i}", slots: 100);
        var failing = Enumerable.Range(0, 1_000).Select(_ => _bench.Task(_bench.Submit(type: "broken", maxAttempts: 5))).ToList();
        _bench.Turn([.. failing.Select(task => _bench.Report(WireKind.Failed, task))]);

        var perSecond = failing.GroupBy(task => (int)(task.RetryAt!.Value - _bench.Now).TotalSeconds).Select(group => group.Count()).ToList();
        Assert.Equal(5, perSecond.Count);
        Assert.All(perSecond, count => Assert.InRange(count, 150, 250));

        for (var second = 0; second < 120; second++)
        {
            var other = _bench.Task(_bench.Submit(type: "sound"));
            Assert.Equal(TaskState.Offered, other.State);
            _bench.Pass(TimeSpan.FromSeconds(1)).Turn([_bench.Report(WireKind.Succeeded, other),
                .. failing.Where(task => task.State == TaskState.Offered).Select(task => _bench.Report(WireKind.Failed, task))]);
        }
        Assert.All(failing, task => Assert.Equal((TaskState.Dead, 5), (task.State, task.Failures)));
        Assert.DoesNotContain("quarantined", _bench.FleetKinds);
    }

    /// <summary>Row 31 of the faults.</summary>
    [Fact]
    public void A_low_task_waits_while_higher_ones_come_is_told_why_and_runs_when_they_end()
    {
        var running = Offered("w");
        var low = _bench.Task(_bench.Submit(priority: 0));
        for (var i = 0; i < 50; i++)
        {
            _bench.Submit(priority: 5);
            _bench.Pass(TimeSpan.FromSeconds(1)).Turn(_bench.Report(WireKind.Succeeded, running));
            running = _bench.State.Tasks.Values.Single(task => task.State == TaskState.Offered);
            Assert.Equal(5, running.Priority);
        }
        _bench.Submit(priority: 5);
        var reasons = _bench.Ask<TaskExplained>(new ExplainTask { Task = low.Id }).Reasons;
        Assert.Equal(1, reasons.Single(reason => reason.Code == "priority").Ahead);

        for (var i = 0; i < 2; i++)
            _bench.Turn(_bench.Report(WireKind.Succeeded, _bench.State.Tasks.Values.Single(task => task.State == TaskState.Offered)));
        Assert.Equal(TaskState.Offered, low.State);
    }

    /// <summary>Row 53 of the faults.</summary>
    [Fact]
    public void A_worker_that_hangs_and_still_beats_loses_the_task_to_its_timeout()
    {
        var task = Busy(workers: 1, timeout: TimeSpan.FromSeconds(60)).Single();
        for (var i = 0; i < 6; i++) _bench.Pass(TimeSpan.FromSeconds(10)).Turn(_bench.Beat("w00"), _bench.Inventory("w00", task.Token.Number, new HeldAttempt(task.Id, 1)));

        Assert.Equal((AttemptOutcome.TimedOut, 1, Liveness.Online), (task.Outcome, task.Failures, _bench.State.Workers["w00"].Record.Liveness));
    }

    /// <summary>Row 53 of the faults: as long as the handler hangs, what is offered to its slot waits out the offer's 60 s.</summary>
    [Fact]
    public void Beside_a_slot_that_hangs_for_ever_one_task_at_a_time_waits_and_all_others_are_served()
    {
        var hung = Busy(workers: 1, timeout: TimeSpan.FromSeconds(60)).Single();
        _bench.AddWorker("sound");
        var tasks = new List<TaskRecord> { hung };
        for (var second = 0; second < 600; second++)
        {
            if (second < 300) tasks.Add(_bench.Task(_bench.Submit(maxAttempts: 1)));
            _bench.Pass(TimeSpan.FromSeconds(1)).Turn([_bench.Beat("w00"), _bench.Beat("sound"),
                .. _bench.State.Workers["sound"].Held.Values.Select(task => _bench.Report(WireKind.Succeeded, task))]);
            Assert.InRange(tasks.Count(task => task.State == TaskState.Offered && task.Worker == "w00"), 0, 1);
            if (second is > 100 and < 300) Assert.InRange(_bench.State.Tasks.Count, 0, 4);
        }

        Assert.All(tasks, task => Assert.Equal((TaskState.Succeeded, "sound"), (task.State, task.Worker)));
        Assert.Equal(1, hung.Failures);
        Assert.All(tasks.Skip(1), task => Assert.Equal((0, 0), (task.Failures, (int)task.Losses)));
    }

    /// <summary>Row 58 of the faults.</summary>
    [Fact]
    public void Two_lost_beats_and_a_late_one_cost_nothing()
    {
        var task = Busy(workers: 1).Single();
        for (var i = 0; i < 5; i++)
        {
            _bench.Run(TimeSpan.FromSeconds(34));
            _bench.Turn(_bench.Beat("w00"));
        }

        Assert.Equal((TaskState.Running, 1, 0), (task.State, task.Attempt, task.Losses));
    }

    /// <summary>Row 62 of the faults.</summary>
    [Fact]
    public void A_slow_worker_gets_less()
    {
        _bench.AddWorker("fast");
        _bench.AddWorker("slow");
        for (var i = 0; i < 60; i++) _bench.Submit(maxAttempts: 1);
        for (var second = 1; second <= 50; second++)
        {
            _bench.Pass(TimeSpan.FromSeconds(1)).Turn([.. _bench.State.Tasks.Values
                .Where(task => task.State == TaskState.Offered && (task.Worker == "fast" || second % 10 == 0))
                .Select(task => _bench.Report(WireKind.Succeeded, task))]);
        }

        Assert.Equal((50, 5), (Done("fast"), Done("slow")));

        int Done(string worker) => _bench.History.Values.Count(entry => entry.Task.Worker == worker);
    }

    /// <summary>Row 66 of the faults: a session keeps its slots; only a new one can have fewer.</summary>
    [Fact]
    public void A_worker_that_comes_back_with_fewer_slots_is_given_no_more_than_those_and_what_it_held_cost_nothing()
    {
        var registration = _bench.Registration("w", slots: 5);
        _bench.Ask<WorkerRegistered>(registration);
        var worker = _bench.State.Workers["w"];
        var tasks = Enumerable.Range(0, 8).Select(_ => _bench.Task(_bench.Submit())).ToList();
        _bench.Ask<WorkerRegistered>(registration with { Slots = 2 });
        Assert.Equal((5, 5), (worker.Record.Slots, worker.SlotsUsed));

        _bench.AddWorker("w", slots: 2);

        Assert.Equal((2, 0), (worker.SlotsUsed, worker.SlotsFree));
        Assert.All(tasks, task => Assert.Equal((0, 0), (task.Failures, (int)task.Losses)));
    }

    /// <summary>Row 67 of the faults.</summary>
    [Fact]
    public void A_deactivated_worker_finishes_what_it_has_and_gets_nothing_new()
    {
        var worker = _bench.AddWorker("r", slots: 2, role: WorkerRole.Reserve);
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Activate });
        var task = _bench.Task(_bench.Submit());
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Deactivate });
        var next = _bench.Task(_bench.Submit());

        Assert.Equal((TaskState.Offered, TaskState.Queued, 1), (task.State, next.State, worker.Held.Count));
        _bench.Turn(_bench.Report(WireKind.Succeeded, task));
        Assert.Equal((TaskState.Succeeded, TaskState.Queued), (task.State, next.State));
    }

    /// <summary>Row 67 of the faults: there is no deleting; who is out of use is cordoned or stopped.</summary>
    [Fact]
    public void A_worker_deactivated_and_stopped_under_load_costs_its_tasks_nothing_and_they_run_elsewhere()
    {
        var reserve = _bench.AddWorker("r", slots: 3, role: WorkerRole.Reserve);
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Activate });
        var tasks = Enumerable.Range(0, 6).Select(_ => _bench.Task(_bench.Submit())).ToList();
        _bench.Turn([.. reserve.Held.Values.Select(task => _bench.Report(WireKind.Started, task))]);

        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Deactivate });
        _bench.Turn(new BeatInput(new BeatMessage { Worker = "r", Session = reserve.Record.Session, Goodbye = true }));
        var heir = _bench.AddWorker("a", slots: 6);

        Assert.Equal((0, 6), (reserve.Held.Count, heir.Held.Count));
        _bench.Turn([.. tasks.Select(task => _bench.Report(WireKind.Succeeded, task))]);
        Assert.All(tasks, task => Assert.Equal((TaskState.Succeeded, 0, 0), (task.State, task.Failures, (int)task.Losses)));
    }

    /// <summary>Row 69 of the faults.</summary>
    [Fact]
    public void When_all_fall_silent_together_no_more_than_the_brake_s_share_is_taken_back()
    {
        var tasks = Busy(workers: 100);

        _bench.Run(TimeSpan.FromSeconds(105));                        // three lost times
        var lost = tasks.Count(task => task.Losses > 0);
        Assert.InRange(lost, 1, 15);                                  // at most 5 in each
        _bench.Turn([.. _bench.State.Workers.Values.Where(worker => worker.Record.Liveness == Liveness.Suspect).Select(worker => _bench.Beat(worker.Id))]);

        Assert.Equal(100 - lost, tasks.Count(task => task is { State: TaskState.Running, Attempt: 1 }));
        Assert.Equal(100 - lost, _bench.State.OnlineWorkers);
    }

    /// <summary>Workers of one slot, each with a running task.</summary>
    private List<TaskRecord> Busy(int workers, TimeSpan? timeout = null)
    {
        for (var i = 0; i < workers; i++) _bench.AddWorker($"w{i:00}");
        var tasks = Enumerable.Range(0, workers).Select(_ => _bench.Task(_bench.Submit(timeout: timeout))).ToList();
        _bench.Turn([.. tasks.Select(task => _bench.Report(WireKind.Started, task))]);
        return tasks;
    }

    private TaskRecord Offered(string worker)
    {
        _bench.AddWorker(worker);
        return _bench.Task(_bench.Submit());
    }
}
