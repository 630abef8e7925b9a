using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class WorkerTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void A_silent_worker_gets_nothing_new_then_loses_what_it_has_then_must_register()
    {
        var worker = _bench.AddWorker("w", slots: 2);
        var task = _bench.Task(_bench.Submit());

        _bench.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(Liveness.Suspect, worker.Record.Liveness);
        var second = _bench.Task(_bench.Submit());
        Assert.Equal((TaskState.Offered, TaskState.Queued), (task.State, second.State));

        _bench.Run(TimeSpan.FromSeconds(15));
        Assert.Equal((Liveness.Lost, TaskState.Queued, 1), (worker.Record.Liveness, task.State, (int)task.Losses));

        _bench.Turn(_bench.Beat("w"), _bench.Beat("w"));
        Assert.Equal(worker.Record.Session, Assert.Single(_bench.Sent.Select(sent => sent.Body).OfType<SettingsMessage>()).RegisterAgain);
        _bench.AddWorker("w", slots: 2);
        Assert.Equal((TaskState.Offered, TaskState.Offered), (task.State, second.State));
    }

    [Fact]
    public void An_older_session_is_told_to_end_while_a_newer_one_works_and_to_register_again_once_that_is_over()
    {
        var worker = _bench.AddWorker("w");
        var older = worker.Record.Session;
        var beat = _bench.Beat("w");
        _bench.AddWorker("w");
        _bench.Turn(_bench.Beat("w"));

        _bench.Turn(beat);
        _bench.Turn(new BeatInput(new BeatMessage { Worker = "w", Session = worker.Record.Session, Goodbye = true }));
        _bench.Turn(beat);

        Assert.Equal([(older, null), (null, older)],
            _bench.Sent.Select(sent => sent.Body).OfType<SettingsMessage>().Select(told => (told.Replaced, told.RegisterAgain)));
    }

    [Fact]
    public void A_registration_that_is_delivered_again_brings_no_earlier_session_back()
    {
        var (first, second) = (_bench.Registration("w"), _bench.Registration("w"));
        _bench.Ask<WorkerRegistered>(first);
        _bench.Ask<WorkerRegistered>(second);
        _bench.TakeOver();
        _bench.Turn(_bench.Beat("w"));

        Assert.Equal(first.Session, _bench.Ask<WorkerRegistered>(first).Session);

        Assert.Equal(second.Session, _bench.State.Workers["w"].Record.Session);
    }

    [Fact]
    public void A_session_whose_process_died_before_it_was_answered_drives_nobody_out()
    {
        var worker = _bench.AddWorker("w");
        var alive = worker.Record.Session;
        var beat = _bench.Beat("w");
        _bench.AddWorker("w");

        _bench.Turn(beat);
        Assert.Empty(_bench.Sent);
        _bench.Run(TimeSpan.FromSeconds(20));
        _bench.Turn(beat);

        Assert.Equal(alive, Assert.Single(_bench.Sent.Select(sent => sent.Body).OfType<SettingsMessage>()).RegisterAgain);
    }

    [Fact]
    public void The_time_to_reconnect_grows_with_the_fleet_and_is_told_when_it_has_doubled()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), _bench.Ask<WorkerRegistered>(_bench.Registration("w")).ReconnectSpread);
        for (var number = 1; number < 1_000; number++) _bench.AddWorker($"w{number}");

        _bench.Turn(_bench.Beat("w"), _bench.Beat("w999"));
        Assert.Equal(TimeSpan.FromSeconds(3), _bench.Ask<WorkerRegistered>(_bench.Registration("w1000")).ReconnectSpread);

        var told = Assert.Single(_bench.Sent, sent => sent.Body is SettingsMessage { ReconnectSpread: not null });
        Assert.Equal(("w", "2s"), (told.Worker, ((SettingsMessage)told.Body).ReconnectSpread));
    }

    [Fact]
    public void A_suspect_worker_that_beats_again_goes_on()
    {
        var worker = _bench.AddWorker("w");
        _bench.Run(TimeSpan.FromSeconds(20));

        _bench.Turn(_bench.Beat("w"));

        Assert.Equal(Liveness.Online, worker.Record.Liveness);
        _bench.Run(TimeSpan.FromSeconds(19));
        Assert.Equal(Liveness.Online, worker.Record.Liveness);
        Assert.Equal(["registered", "suspect", "online"], _bench.FleetKinds);
    }

    [Fact]
    public void A_redelivered_registration_changes_nothing()
    {
        var registration = _bench.Registration("w");
        _bench.Ask<WorkerRegistered>(registration);
        var task = _bench.Task(_bench.Submit());

        Assert.Equal("broker.w.w", _bench.Ask<WorkerRegistered>(registration).Queue);

        Assert.Equal((TaskState.Offered, 1), (task.State, task.Attempt));
        Assert.Equal(["registered"], _bench.FleetKinds);
    }

    [Fact]
    public void Registering_needs_a_pool_that_exists() =>
        Assert.Equal(ProblemCode.UnknownPool, _bench.Refusal(_bench.Registration("w", pool: "nowhere")));

    [Fact]
    public void What_an_operator_forbade_stays_forbidden_over_a_restart()
    {
        _bench.AddWorker("w");
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "w", Action = WorkerAction.Cordon, Reason = "hot disk" });

        var again = _bench.AddWorker("w").Record;

        Assert.Equal((Admission.Cordoned, "hot disk"), (again.Admission, again.Reason));
    }

    [Fact]
    public void A_goodbye_ends_the_attempts_at_no_cost()
    {
        var worker = _bench.AddWorker("w");
        var task = _bench.Task(_bench.Submit());

        _bench.Turn(new BeatInput(new BeatMessage { Worker = "w", Session = worker.Record.Session, Goodbye = true }));

        Assert.Equal((TaskState.Queued, AttemptOutcome.Interrupted, Liveness.Offline), (task.State, task.Outcome, worker.Record.Liveness));
    }

    [Fact]
    public void A_drain_without_a_deadline_lets_everything_finish()
    {
        var worker = _bench.AddWorker("w", slots: 2);
        var task = _bench.Task(_bench.Submit());
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "w", Action = WorkerAction.Drain });
        var next = _bench.Task(_bench.Submit());

        Assert.Equal((Admission.Draining, TaskState.Queued), (worker.Record.Admission, next.State));
        _bench.Turn(_bench.Report(WireKind.Succeeded, task));

        Assert.Equal(Admission.Drained, worker.Record.Admission);
        Assert.IsType<DrainMessage>(_bench.Sent[^1].Body);
    }

    [Fact]
    public void A_drain_s_deadline_releases_what_still_runs()
    {
        var worker = _bench.AddWorker("w");
        var task = _bench.Task(_bench.Submit());
        Drain(TimeSpan.FromSeconds(5));
        Drain(TimeSpan.FromSeconds(15));                         // given more time

        _bench.Run(TimeSpan.FromSeconds(14));
        Assert.Equal((TaskState.Offered, Admission.Draining), (task.State, worker.Record.Admission));
        _bench.Run(TimeSpan.FromSeconds(1));

        Assert.Equal((TaskState.Queued, AttemptOutcome.Released, Admission.Drained), (task.State, task.Outcome, worker.Record.Admission));
        Assert.Single(_bench.CancelsSent);

        void Drain(TimeSpan deadline) => _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "w", Action = WorkerAction.Drain, Deadline = deadline });
    }

    [Fact]
    public void Operators_are_refused_what_makes_no_sense()
    {
        _bench.AddWorker("w");

        Assert.Equal(ProblemCode.UnknownWorker, _bench.Refusal(new ChangeWorker { Worker = "x", Action = WorkerAction.Cordon }));
        Assert.Equal(ProblemCode.WorkerNotReserve, _bench.Refusal(new ChangeWorker { Worker = "w", Action = WorkerAction.Activate }));
        Assert.Equal(ProblemCode.ValidationFailed, _bench.Refusal(new ChangeWorker { Worker = "w", Action = "explode" }));
    }

    [Fact]
    public void The_reserve_comes_in_by_hand_stays_and_leaves_by_hand()
    {
        var worker = _bench.AddWorker("r", role: WorkerRole.Reserve);
        var task = _bench.Task(_bench.Submit());
        Assert.Equal(TaskState.Queued, task.State);

        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Activate });
        Assert.Equal(TaskState.Offered, task.State);
        Assert.True(_bench.AddWorker("r", role: WorkerRole.Reserve).Record is { Activated: true, ActivatedByHand: true });
        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "r", Action = WorkerAction.Deactivate });

        Assert.False(worker.Record.Activated);
    }

    [Fact]
    public void A_gradual_reserve_comes_in_on_a_backlog_and_leaves_after_it()
    {
        var bench = new SchedulerBench(new PoolSettings
        {
            Name = "default",
            Reserve = new ReserveSettings { Policy = ReservePolicyName.Gradual, BacklogAbove = 1, ReviewEvery = TimeSpan.FromSeconds(10) },
        });
        var worker = bench.AddWorker("r", role: WorkerRole.Reserve);
        var tasks = Enumerable.Range(0, 3).Select(_ => bench.Submit()).ToList();

        bench.Pass(TimeSpan.FromSeconds(10)).Turn(new ReserveReviewInput(), bench.Beat("r"));
        Assert.True(worker.Record.Activated);
        foreach (var task in tasks) bench.Turn(bench.Report(WireKind.Succeeded, bench.Task(task)));
        for (var i = 0; i < 8; i++) bench.Pass(TimeSpan.FromSeconds(10)).Turn(new ReserveReviewInput(), bench.Beat("r"));

        Assert.False(worker.Record.Activated);
        Assert.Equal(["registered", "activated", "deactivated"], bench.FleetKinds);
    }

    [Fact]
    public void Switching_the_policy_off_sends_home_what_it_brought_in()
    {
        var pool = new PoolSettings { Name = "default", Reserve = new ReserveSettings { Policy = ReservePolicyName.Gradual, BacklogAbove = 0 } };
        var bench = new SchedulerBench(pool);
        var worker = bench.AddWorker("r", role: WorkerRole.Reserve);
        bench.Submit();
        bench.Pass(TimeSpan.FromSeconds(10)).Turn(new ReserveReviewInput());
        Assert.True(worker.Record.Activated);

        Assert.False(bench.Ask<PoolChanged>(new PutPool { Pool = new PoolSettings { Name = "default" } }).Created);

        Assert.False(worker.Record.Activated);
    }

    [Fact]
    public void A_returned_offer_costs_nothing_and_the_worker_must_register_again()
    {
        var worker = _bench.AddWorker("w", slots: 2);
        var (first, second) = (_bench.Task(_bench.Submit()), _bench.Task(_bench.Submit()));
        _bench.Turn(_bench.Report(WireKind.Started, first));

        _bench.Turn(new ReturnInput("w", [new HeldAttempt(second.Id, 1)]));

        Assert.Equal((AttemptOutcome.Interrupted, AttemptOutcome.Undeliverable), (first.Outcome, second.Outcome));
        Assert.Equal((0, 0, Liveness.Lost), ((int)first.Losses, (int)second.Losses, worker.Record.Liveness));
    }

    [Fact]
    public void A_return_that_names_no_live_attempt_says_nothing_of_the_present_session()
    {
        var worker = _bench.AddWorker("w");
        var task = _bench.Task(_bench.Submit());

        _bench.Turn(new ReturnInput("w", []), new ReturnInput("w", [new HeldAttempt(task.Id, 7)]), new ReturnInput("unknown", []));

        Assert.Equal((Liveness.Online, TaskState.Offered), (worker.Record.Liveness, task.State));
    }
}
