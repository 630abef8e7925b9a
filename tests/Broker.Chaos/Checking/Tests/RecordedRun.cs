namespace Broker.Chaos;

/// <summary>Writes a history by hand: each call is a turn of its own, a second after the one before, and rows, client's and
/// bots' lines follow along. What a call makes is good by itself; a test makes one thing wrong.</summary>
internal sealed class RecordedRun
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<RecordedTaskEvent> _events = [];
    private readonly List<RecordedFleetEvent> _fleet = [];
    private readonly Dictionary<string, RecordedTask> _tasks = [];
    private readonly Dictionary<string, RecordedWorker> _workers = [];
    private readonly Dictionary<string, string> _sessions = [];
    private readonly Dictionary<string, string> _tokens = [];
    private DateTimeOffset _now = Start;
    private long _seq;
    private long _offer;
    private bool _isOneTurn;

    public List<HistoryLine> Lines { get; } = [];
    public List<RecordedQueue> Queues { get; } = [];

    /// <summary>Of the leader, in the tokens of its offers.</summary>
    public int Epoch { get; set; } = 1;

    public static Guid Id(string task) => new([.. task.PadRight(16, '.').Select(letter => (byte)letter)]);

    public RecordedRun Worker(string id, int slots = 1, string role = "active", Func<RecordedWorker, RecordedWorker>? with = null)
    {
        var worker = new RecordedWorker { Id = id, Pool = "default", Slots = slots, Role = role };
        _workers[id] = with?.Invoke(worker) ?? worker;
        return Register(id);
    }

    public RecordedRun Register(string worker)
    {
        _sessions[worker] = $"{worker}-{_seq}";
        Log(new HistoryLine { Op = HistoryOp.Registered, Phase = HistoryPhase.Ok, Worker = worker, Session = _sessions[worker] });
        return Fleet("registered", worker);
    }

    /// <param name="phase">What the client heard.</param>
    public RecordedRun Submit(string task, int priority = 4, string? key = null, string phase = HistoryPhase.Ok, Func<RecordedTask, RecordedTask>? with = null)
    {
        Log(new HistoryLine { Op = HistoryOp.Submit, Phase = HistoryPhase.Invoke, Key = key });
        Log(new HistoryLine { Op = HistoryOp.Submit, Phase = phase, Task = phase == HistoryPhase.Ok ? Id(task) : null, Key = key });
        var row = new RecordedTask
        {
            Id = Id(task),
            State = "queued",
            Pool = "default",
            Type = "work",
            Priority = priority,
            Seq = _tasks.Count,
            MaxAttempts = 3,
            Timeout = 60,
        };
        _tasks[task] = with?.Invoke(row) ?? row;
        return Step(task, new RecordedStep { Event = "submitted", State = "queued" });
    }

    public RecordedRun Offer(string task, string worker, Func<RecordedStep, RecordedStep>? with = null)
    {
        var step = new RecordedStep
        {
            Event = "offered",
            State = "offered",
            Attempt = _tasks[task].Attempt + 1,
            Worker = worker,
            Offer = ++_offer,
            By = "scheduler",
        };
        step = with?.Invoke(step) ?? step;
        _tokens[task] = $"{Epoch}-{step.Offer}";
        Row(task, row => row with { State = "offered", Attempt = step.Attempt ?? 0, Worker = step.Worker, Token = _tokens[task] });
        return Step(task, step);
    }

    /// <summary>The bot begins to execute what it was offered last.</summary>
    public RecordedRun Begin(string task) => Log(OfBot(task, HistoryOp.Begin, HistoryPhase.Ok));

    /// <summary>The bot comes to an end, and reports it if it can.</summary>
    public RecordedRun End(string task, string phase = HistoryPhase.Ok, string? detail = null) =>
        Log(OfBot(task, HistoryOp.End, phase) with { Result = phase == HistoryPhase.Ok ? ResultOf(task) : null, Detail = detail });

    public RecordedRun Started(string task) => Own(task, "started", "running");

    /// <summary>The success the bot reported is recorded.</summary>
    public RecordedRun Succeeded(string task)
    {
        Row(task, row => row with { Result = ResultOf(task) });
        return Ended(task, "succeeded", "succeeded", _tasks[task].Worker);
    }

    /// <summary>Begins, starts, ends and succeeds.</summary>
    public RecordedRun Run(string task) => Begin(task).Started(task).End(task).Succeeded(task);

    public RecordedRun Failed(string task, string state = "retrying")
    {
        Row(task, row => row with { Failures = row.Failures + (state == "canceling" ? 0 : 1) });
        return Ended(task, "failed", state, _tasks[task].Worker, "oops");
    }

    public RecordedRun TimedOut(string task)
    {
        Row(task, row => row with { Failures = row.Failures + 1 });
        return Ended(task, "timed-out", "retrying", "scheduler", "timed-out");
    }

    /// <summary>The scheduler, or whoever is named, ends the attempt at no cost.</summary>
    public RecordedRun Ended(string task, string outcome, string state = "queued", string? by = "scheduler", string? reason = null) =>
        Step(task, new RecordedStep
        {
            Event = "attempt-ended",
            State = state,
            Attempt = _tasks[task].Attempt,
            Worker = _tasks[task].Worker,
            Outcome = outcome,
            Reason = reason,
            By = by,
        });

    /// <summary>The worker is lost, and with it the tasks it has.</summary>
    public RecordedRun Lost(string worker, params string[] tasks) => InOneTurn(_ =>
    {
        foreach (var task in tasks)
        {
            Row(task, row => row with { Losses = row.Losses + 1 });
            Ended(task, "lost", reason: "worker-lost");
        }
        Fleet("lost", worker, "silent for 40 s");
    });

    public RecordedRun Note(string task, string what, string state) => Step(task, new RecordedStep { Event = what, State = state });

    public RecordedRun Own(string task, string what, string state) => Step(task, new RecordedStep
    {
        Event = what,
        State = state,
        Attempt = _tasks[task].Attempt,
        Worker = _tasks[task].Worker,
        By = _tasks[task].Worker,
    });

    public RecordedRun Step(string task, RecordedStep step)
    {
        if (step.Event is not ("superseded" or "idempotency-conflict")) Row(task, row => row with { State = step.State });
        _events.Add(new RecordedTaskEvent(++_seq, _now, Id(task), [step]));
        return Tick();
    }

    public RecordedRun Fleet(string kind, string worker, string? reason = null)
    {
        _fleet.Add(new RecordedFleetEvent(++_seq, _now, kind, "default", worker, reason));
        return Tick();
    }

    /// <summary>Changes what is stored of a task, and nothing else.</summary>
    public RecordedRun Row(string task, Func<RecordedTask, RecordedTask> change)
    {
        _tasks[task] = change(_tasks[task]);
        return this;
    }

    /// <summary>The task is not stored any more.</summary>
    public RecordedRun Lose(string task)
    {
        _tasks.Remove(task);
        return this;
    }

    public RecordedRun Forget(Predicate<RecordedTaskEvent> isForgotten)
    {
        _events.RemoveAll(isForgotten);
        return this;
    }

    public RecordedRun Wait(int seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public RecordedRun Fault(string fault) => Log(new HistoryLine { Op = HistoryOp.Fault, Phase = HistoryPhase.Ok, Fault = fault });

    public RecordedRun Log(HistoryLine line)
    {
        Lines.Add(line with { T = Lines.Count + 1 });
        return this;
    }

    public RecordedRun InOneTurn(Action<RecordedRun> what)
    {
        _isOneTurn = true;
        what(this);
        _isOneTurn = false;
        return Tick();
    }

    public RunHistory ToHistory() => new()
    {
        Lines = Lines,
        TaskEvents = _events,
        FleetEvents = _fleet,
        Tasks = [.. _tasks.Values],
        Workers = [.. _workers.Values],
        Queues = Queues,
    };

    /// <summary>This invariant is found broken, and no other.</summary>
    public void AssertBreaks(string invariant, CheckOptions? options = null)
    {
        var violations = Check(options).Violations;
        Assert.NotEmpty(violations);
        Assert.All(violations, violation => Assert.True(violation.Invariant == invariant, $"{violation.Invariant}: {violation.What}"));
    }

    public CheckResult Check(CheckOptions? options = null) => Checker.Check(ToHistory(), options ?? new CheckOptions());

    private string ResultOf(string task) => $"\"made in attempt {_tasks[task].Attempt}\"";

    private HistoryLine OfBot(string task, string op, string phase) => new()
    {
        Op = op,
        Phase = phase,
        Task = Id(task),
        Attempt = _tasks[task].Attempt,
        Token = _tokens[task],
        Worker = _tasks[task].Worker,
        Session = _tasks[task].Worker is { } worker ? _sessions[worker] : null,
    };

    private RecordedRun Tick() => _isOneTurn ? this : Wait(1);
}
