using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Writes histories by hand, good steps unless a test makes them bad, to see that the checker notices.</summary>
internal sealed class BadHistory
{
    private static readonly DateTimeOffset Start = Simulator.Epoch;

    private readonly Checker _checker = new();
    private TurnCommit _turn;
    private long _offers;
    private long _events;
    private long _turns;

    public BadHistory()
    {
        _checker.Seed(new PoolSettings { Name = "default" });
        _checker.Acquired(1, Start);
        _turn = Turn(epoch: 1);
    }

    public DateTimeOffset Now { get; private set; } = Start;

    public Checker Checker => _checker;

    public string? Broken => _checker.Violation?.Rule;

    public BadHistory Wait(TimeSpan length)
    {
        Now += length;
        return this;
    }

    /// <summary>Commits what was written since the last time.</summary>
    public BadHistory Commit(int nextEpoch = 1, int skip = 0)
    {
        _checker.Committed(_turn);
        _turns += skip;
        _turn = Turn(nextEpoch);
        return this;
    }

    public BadHistory Worker(string id, int slots = 2, string role = WorkerRole.Active, string admission = Admission.Open, string liveness = Liveness.Online)
    {
        _turn.Workers.Add(new WorkerRecord
        {
            Id = id,
            Pool = "default",
            Slots = slots,
            Session = $"session-{id}",
            Role = role,
            Admission = admission,
            Liveness = liveness,
            Activated = role == WorkerRole.Reserve,
        });
        return this;
    }

    public BadHistory Lose(string worker)
    {
        _turn.FleetEvents.Add(new FleetEventRecord(++_events, Now, "lost", "default", worker, "silent for 35s", null));
        return this;
    }

    public TaskRecord Submit(byte priority = 4, int cost = 1, short maxAttempts = 3)
    {
        var task = new TaskRecord
        {
            Id = Guid.NewGuid(),
            Class = new TaskClass("default", "default", "mail", [], cost),
            Priority = priority,
            Seq = ++_events,
            MaxAttempts = maxAttempts,
            Timeout = TimeSpan.FromSeconds(10),
            State = TaskState.Queued,
        };
        _turn.Inserted.Add((task, null));
        Step(task, new TaskTransition { Event = "submitted", State = TaskState.Queued });
        return task;
    }

    public void Offer(TaskRecord task, string worker, long? number = null, int? attempt = null)
    {
        var token = new FenceToken(_turn.Epoch, number ?? ++_offers);
        task.Attempt = attempt ?? task.Attempt + 1;
        (task.State, task.Worker, task.Token) = (TaskState.Offered, worker, token);
        Step(task, new TaskTransition
        {
            Event = "offered",
            State = TaskState.Offered,
            Attempt = task.Attempt,
            Worker = worker,
            Offer = token.Number,
        });
        Update(task);
    }

    public void Begin(TaskRecord task)
    {
        task.State = TaskState.Running;
        Step(task, new TaskTransition { Event = "started", State = TaskState.Running, Attempt = task.Attempt, Worker = task.Worker, By = task.Worker });
        Update(task);
    }

    public void End(TaskRecord task, string outcome, string state, string by = "scheduler", string? reason = null)
    {
        task.State = state;
        if (outcome is AttemptOutcome.Failed or AttemptOutcome.TimedOut) task.Failures++;
        if (outcome == AttemptOutcome.Lost) task.Losses++;
        Step(task, new TaskTransition { Event = "attempt-ended", State = state, Attempt = task.Attempt, Worker = task.Worker, Outcome = outcome, By = by, Reason = reason });
        if (TaskState.IsFinished(state)) Finish(task);
        else Update(task);
    }

    public void Finish(TaskRecord task, byte[]? result = null) =>
        _turn.Finished.Add(new FinishedTask { Task = task, FinishedAt = Now, Result = result });

    public void Step(TaskRecord task, TaskTransition step) => _turn.TaskEvents.Add(new TaskEventRecord(++_events, task.Id, Now, [step]));

    public void Produce(TaskRecord task, string kind, byte[]? result = null) =>
        _checker.Produced(new ProducedReport(task.Worker!, task.Id, task.Attempt, task.Token.ToString(), kind, result));

    private void Update(TaskRecord task)
    {
        if (!_turn.Updated.Contains(task) && !_turn.Inserted.Exists(inserted => inserted.Task == task)) _turn.Updated.Add(task);
    }

    private TurnCommit Turn(int epoch) => new() { Epoch = epoch, Turn = ++_turns, Counters = new Counters(1, 1, 1) };
}
