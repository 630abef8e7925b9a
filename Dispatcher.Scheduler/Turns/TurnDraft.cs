using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>What a turn is going to do: changes to write, and what to send once they are written.</summary>
internal sealed class TurnDraft(SchedulerState state, DateTimeOffset now)
{
    private readonly Dictionary<Guid, TaskDraft> _tasks = [];
    private readonly Dictionary<string, Worker> _changedWorkers = [];
    private readonly List<FleetEventRecord> _fleetEvents = [];

    public SchedulerState State => state;

    /// <summary>The moment of the whole turn, by the database's clock.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Whether the next turn has something to do at once.</summary>
    public bool HasMore { get; set; }

    /// <summary>Tasks placed in this turn, in order of the decisions.</summary>
    public List<(Worker Worker, TaskRecord Task)> Offers { get; } = [];

    public Dictionary<string, List<CanceledAttempt>> Cancels { get; } = [];

    /// <summary>Drains, settings, and offers sent again, in order.</summary>
    public List<(string Worker, object Message)> Words { get; } = [];

    /// <summary>Offered tasks of an earlier leader to send again: same attempt, same token.</summary>
    public List<(Worker Worker, TaskRecord Task)> Resends { get; } = [];

    /// <summary>Workers whose queues must stand before anybody is answered.</summary>
    public List<string> Declares { get; } = [];

    public List<(IReply To, object Reply)> Replies { get; } = [];
    public List<PoolSettings> ChangedPools { get; } = [];
    public List<QuarantinedMessage> Quarantined { get; } = [];

    /// <summary>Statistics to write, once a second.</summary>
    public byte[]? Stats { get; set; }

    public CounterSnapshot? Totals { get; set; }

    public RetrySettings RetrySettingsOf(TaskRecord task) => state.PoolOf(task).Retry;

    /// <summary>The task wherever it is: active, finished in this turn, or in the history; null if it was never recorded.</summary>
    public TaskRecord? Find(Guid id, IReadOnlyDictionary<Guid, HistoryEntry> finished) =>
        state.Tasks.GetValueOrDefault(id) ?? _tasks.GetValueOrDefault(id)?.Task ?? finished.GetValueOrDefault(id)?.Task;

    /// <summary>A task first recorded in this turn.</summary>
    public void Insert(TaskRecord task, byte[]? payload) => _tasks[task.Id] = new TaskDraft(task) { IsNew = true, Payload = payload };

    /// <summary>A task that comes back from the history.</summary>
    public void Revive(TaskRecord task) => _tasks[task.Id] = new TaskDraft(task) { IsRevived = true };

    /// <summary>Something happened to the task: it is written, and the step with it.</summary>
    public void Note(TaskRecord task, TaskTransition transition) => DraftOf(task).Transitions.Add(transition);

    /// <summary>News of a superseded attempt: recorded and shown, obeyed by nobody. A repetition is not even that.</summary>
    public void NoteSuperseded(TaskRecord task, Report report, string by)
    {
        if (task.Attempt == report.Attempt && task.Token.ToString() == report.Token && task.Outcome is not null
            && (report.Error is null) == (task.Outcome is AttemptOutcome.Succeeded or AttemptOutcome.Released or AttemptOutcome.Canceled))
            return;

        Note(task, new TaskTransition
        {
            Event = "superseded", State = task.State, Attempt = report.Attempt, Worker = by, By = by, Reason = report.Error?.Code,
        });
    }

    /// <summary>The task ended its round and moves to the history.</summary>
    public void Finish(TaskRecord task, byte[]? result, TaskError? error) =>
        DraftOf(task).Finish = new FinishedTask { Task = task, FinishedAt = now, Result = result, Error = error };

    /// <summary>The worker that has the task is told to stop it.</summary>
    public void TellToStop(TaskRecord task, string reason)
    {
        if (task.Worker is null || !state.Workers.TryGetValue(task.Worker, out var worker)) return;

        var attempt = new CanceledAttempt { Task = task.Id, Attempt = task.Attempt, Reason = reason };
        if (worker.Record.Transport == WorkerTransport.Http) worker.CancelsToTell.Add(attempt);
        else if (Cancels.TryGetValue(worker.Id, out var attempts)) attempts.Add(attempt);
        else Cancels[worker.Id] = [attempt];
    }

    /// <summary>Replaces a worker's record and puts it where it belongs in the index.</summary>
    public void Change(Worker worker, WorkerRecord record)
    {
        state.CountOnline(worker, record.Liveness);
        state.Fleet.Change(worker, record with { ChangedAt = now });
        _changedWorkers[worker.Id] = worker;
    }

    public void NoteFleet(string kind, string pool, string? worker, string? reason, string? by) =>
        _fleetEvents.Add(new FleetEventRecord(0, now, kind, pool, worker, reason, by));

    /// <summary>Gives out the numbers and closes the draft.</summary>
    public TurnCommit ToCommit()
    {
        state.Turn++;
        var taskEvents = _tasks.Values.Where(draft => draft.Transitions.Count > 0)
            .Select(draft => new TaskEventRecord(state.NextEvent++, draft.Task.Id, now, draft.Transitions)).ToList();
        var fleetEvents = _fleetEvents.Select(happened => happened with { Seq = state.NextEvent++ }).ToList();

        var commit = new TurnCommit
        {
            Epoch = state.Epoch,
            Turn = state.Turn,
            Counters = new Counters(state.NextSeq, state.NextOffer, state.NextEvent),
            Stats = Stats,
            Totals = Totals,
        };
        commit.TaskEvents.AddRange(taskEvents);
        commit.FleetEvents.AddRange(fleetEvents);
        commit.Workers.AddRange(_changedWorkers.Values.Select(worker => worker.Record));
        commit.Pools.AddRange(ChangedPools);
        commit.Quarantined.AddRange(Quarantined);
        foreach (var draft in _tasks.Values)
        {
            draft.AddTo(commit);
            if (draft.Transitions.Any(EndedOnHttpWorker)) commit.HttpOffersRemoved.Add(draft.Task.Id);
        }
        AddOffers(commit);
        return commit;
    }

    private void AddOffers(TurnCommit commit)
    {
        foreach (var (worker, task) in Offers)
        {
            if (worker.Record.Transport == WorkerTransport.Http)
                commit.HttpOffersAdded.Add(new HttpOffer(worker.Id, task.Id, task.Attempt, task.Token, worker.Record.Session));
            else if (!_tasks[task.Id].IsNew) commit.PayloadsWanted.Add(task.Id);
        }
        foreach (var (_, task) in Resends) commit.PayloadsWanted.Add(task.Id);
    }

    /// <summary>The payload of a task inserted in this turn; null if it has none or was inserted earlier.</summary>
    public byte[]? PayloadOf(TaskRecord task) => _tasks.GetValueOrDefault(task.Id)?.Payload;

    /// <summary>Tasks that finished in this turn.</summary>
    public IEnumerable<FinishedTask> Finished => _tasks.Values.Where(draft => draft.Finish is not null).Select(draft => draft.Finish!);

    private bool EndedOnHttpWorker(TaskTransition step) => step.Event == "attempt-ended"
        && state.Workers.GetValueOrDefault(step.Worker ?? "")?.Record.Transport == WorkerTransport.Http;

    private TaskDraft DraftOf(TaskRecord task)
    {
        if (!_tasks.TryGetValue(task.Id, out var draft)) _tasks[task.Id] = draft = new TaskDraft(task);
        return draft;
    }

    /// <summary>What happens to one task in this turn.</summary>
    private sealed class TaskDraft(TaskRecord task)
    {
        public TaskRecord Task => task;
        public bool IsNew { get; init; }
        public bool IsRevived { get; init; }
        public byte[]? Payload { get; init; }
        public FinishedTask? Finish { get; set; }
        public List<TaskTransition> Transitions { get; } = [];

        public void AddTo(TurnCommit commit)
        {
            if (IsNew) commit.Inserted.Add((task, Payload));
            else if (IsRevived) commit.Revived.Add(task);

            if (Finish is not null) commit.Finished.Add(Finish);
            else if (!IsNew && !IsRevived && !TaskState.IsFinished(task.State)) commit.Updated.Add(task);
        }
    }
}
