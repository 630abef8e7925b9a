using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>What a turn is going to do: changes to write, and what to send once they are written.</summary>
internal sealed class TurnDraft(SchedulerState state, DateTimeOffset now)
{
    private readonly Dictionary<Guid, TaskDraft> _tasks = [];
    private readonly Dictionary<string, Worker> _changedWorkers = [];
    private readonly List<FleetEventRecord> _fleetEvents = [];
    private readonly HashSet<Guid> _httpOffersRemoved = [];
    private readonly Dictionary<Waiter, List<Guid>> _answered = [];
    private readonly HashSet<(string Worker, string Session)> _sentBack = [];

    public SchedulerState State => state;

    /// <summary>The moment of the whole turn, by the database's clock.</summary>
    public DateTimeOffset Now => now;

    /// <summary>Whether the next turn has something to do at once.</summary>
    public bool HasMore { get; set; }

    /// <summary>Tasks placed in this turn, in order of the decisions.</summary>
    public List<(Worker Worker, TaskRecord Task)> Offers { get; } = [];

    /// <summary>Attempts that succeeded, failed or timed out in this turn, in order.</summary>
    public List<AttemptResult> Results { get; } = [];

    public Dictionary<string, List<CanceledAttempt>> Cancels { get; } = [];

    /// <summary>Drains, settings, and offers sent again, in order.</summary>
    public List<(string Worker, object Message)> Words { get; } = [];

    /// <summary>Offered tasks that may never have arrived, to send again: same attempt, same token.</summary>
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

    /// <summary>A task that comes back from the history, or has not gone there yet.</summary>
    public void Revive(TaskRecord task)
    {
        var draft = DraftOf(task);
        if (draft.Finish is null) draft.IsRevived = true;
        draft.Finish = null;
    }

    /// <summary>Something happened to the task: it is written, and the step with it.</summary>
    public void Note(TaskRecord task, TaskTransition transition)
    {
        var steps = DraftOf(task).Transitions;

        // Of a burst of progress only the last is worth a place.
        if (transition.Event == "progress" && steps.Count > 0 && steps[^1].Event == "progress" && steps[^1].Attempt == transition.Attempt)
            steps[^1] = transition;
        else
            steps.Add(transition);
    }

    /// <summary>News of a superseded attempt: recorded and shown, obeyed by nobody. A repetition is not even that.</summary>
    /// <remarks>A worker that repeats such news for ever is cut short, so that it can't fill the database.</remarks>
    public void NoteSuperseded(TaskRecord task, AttemptNews news)
    {
        if (news.IsOfLatest(task) && news.Repeats(task.Outcome)) return;
        if (!state.Workers.TryGetValue(news.By, out var worker) || !worker.MayNote(now)) return;

        Note(task, new TaskTransition
        {
            Event = "superseded",
            State = task.State,
            Attempt = news.Report.Attempt,
            Worker = news.By,
            By = news.By,
            Reason = news.Report.Error?.Code,
        });
    }

    /// <summary>The attempt was its worker's to do well or not.</summary>
    public void NoteResult(TaskRecord task, bool failed)
    {
        if (task.Worker is { } worker) Results.Add(new AttemptResult(worker, task.Id, task.Class, failed, task.OfferedAt ?? now));
    }

    /// <summary>The attempt is over: an offer to an HTTP worker is withdrawn.</summary>
    public void EndOffer(TaskRecord task)
    {
        if (task.Worker is { } id && state.Workers.TryGetValue(id, out var worker) && worker.Record.Transport == WorkerTransport.Http)
            _httpOffersRemoved.Add(task.Id);
    }

    /// <summary>Who waits is told; without a task, that the time is over.</summary>
    public void Answer(Waiter waiter, Guid? task = null)
    {
        if (!_answered.TryGetValue(waiter, out var tasks)) _answered[waiter] = tasks = [];
        if (task is { } finished) tasks.Add(finished);
    }

    /// <summary>Whom the turn answers with which finished tasks; they stop waiting once it is committed.</summary>
    public IReadOnlyDictionary<Waiter, List<Guid>> Answered => _answered;

    /// <summary>A worker speaks in a session that is over: it is told once to register again.</summary>
    /// <param name="replaced">Whether a newer session of its id works, which it would drive out: then it is told to end.</param>
    public void SendBack(string worker, string session, bool replaced)
    {
        if (_sentBack.Add((worker, session)))
            Words.Add((worker, replaced ? new SettingsMessage { Replaced = session } : new SettingsMessage { RegisterAgain = session }));
    }

    /// <summary>The task ended its round and moves to the history.</summary>
    public void Finish(TaskRecord task, byte[]? result, TaskError? error) =>
        DraftOf(task).Finish = new FinishedTask { Task = task, FinishedAt = now, Result = result, Error = error };

    /// <summary>The worker that has the task is told to stop it.</summary>
    public void TellToStop(TaskRecord task, string reason)
    {
        if (task.Worker is { } id && state.Workers.TryGetValue(id, out var worker))
            TellToStop(worker, new CanceledAttempt { Task = task.Id, Attempt = task.Attempt, Reason = reason });
    }

    public void TellToStop(Worker worker, CanceledAttempt attempt)
    {
        if (worker.Record.Transport == WorkerTransport.Http) worker.TellLater(attempt);
        else if (Cancels.TryGetValue(worker.Id, out var attempts)) attempts.Add(attempt);
        else Cancels[worker.Id] = [attempt];
    }

    /// <summary>Replaces a worker's record and puts it where it belongs in the index.</summary>
    public void Change(Worker worker, WorkerRecord record)
    {
        state.CountLiveness(worker, record.Liveness);
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
        foreach (var draft in _tasks.Values) draft.AddTo(commit);
        commit.HttpOffersRemoved.AddRange(_httpOffersRemoved);
        AddOffers(commit);
        return commit;
    }

    private void AddOffers(TurnCommit commit)
    {
        foreach (var (worker, task) in Offers)
        {
            if (worker.Record.Transport == WorkerTransport.Http)
                commit.HttpOffersAdded.Add(new HttpOffer(worker.Id, task.Id, task.Attempt, task.Token, worker.Record.Session));
            else if (_tasks[task.Id] is { IsNew: false } draft && !draft.TakePayload(state.Payloads)) commit.PayloadsWanted.Add(task.Id);
        }
        foreach (var (_, task) in Resends) commit.PayloadsWanted.Add(task.Id);
        foreach (var (task, payload) in commit.Inserted)
            if (task.State == TaskState.Queued) state.Payloads.Add(task.Id, payload);
    }

    /// <summary>The payload of a task offered in this turn, if memory had it; null if it has none or it was to be read.</summary>
    public byte[]? PayloadOf(TaskRecord task) => _tasks.GetValueOrDefault(task.Id)?.Payload;

    /// <summary>Tasks that finished in this turn.</summary>
    public IEnumerable<FinishedTask> Finished => _tasks.Values.Where(draft => draft.Finish is not null).Select(draft => draft.Finish!);

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
        public bool IsRevived { get; set; }
        public byte[]? Payload { get; set; }
        public FinishedTask? Finish { get; set; }
        public List<TaskTransition> Transitions { get; } = [];

        public bool TakePayload(WaitingPayloads payloads)
        {
            if (!payloads.TryTake(task.Id, out var payload)) return false;

            Payload = payload;
            return true;
        }

        public void AddTo(TurnCommit commit)
        {
            if (IsNew) commit.Inserted.Add((task, Payload));
            else if (IsRevived) commit.Revived.Add(task);

            if (Finish is not null) commit.Finished.Add(Finish);
            else if (!IsNew && !IsRevived && !TaskState.IsFinished(task.State) && Transitions.Exists(Changes)) commit.Updated.Add(task);
        }

        /// <summary>Some steps are only to be read.</summary>
        private static bool Changes(TaskTransition step) =>
            step.Event is not ("progress" or "superseded" or ProblemCode.IdempotencyConflict);
    }
}
