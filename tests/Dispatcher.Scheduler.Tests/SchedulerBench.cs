using System.Collections.Immutable;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>The pure scheduler with a clock that is moved by hand, a history that follows the commits, and what was sent.</summary>
internal sealed class SchedulerBench
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Wire _wire;
    private long _sessions;
    private int _tasks;

    public SchedulerBench(params PoolSettings[] pools)
    {
        _wire = new Wire(this);
        foreach (var pool in pools.Length > 0 ? pools : [new PoolSettings { Name = "default" }]) State.Pools[pool.Name] = pool;
    }

    public SchedulerState State { get; private set; } = new(new Leadership(1, 0, new Counters(1, 1, 1), Start)) { Queues = new QueueNames() };

    public DateTimeOffset Now { get; private set; } = Start;

    public Dictionary<Guid, HistoryEntry> History { get; } = [];

    public List<TurnCommit> Commits { get; } = [];

    public List<WorkerMessage> Sent { get; } = [];

    /// <summary>Transports over which nothing comes in.</summary>
    public ImmutableHashSet<string> DeafTo { get; set; } = [];

    public TurnCommit LastCommit => Commits[^1];

    public IEnumerable<TaskTransition> Steps(Guid task) =>
        Commits.SelectMany(commit => commit.TaskEvents).Where(happened => happened.Task == task).SelectMany(happened => happened.Transitions);

    public IEnumerable<string> FleetKinds => Commits.SelectMany(commit => commit.FleetEvents).Select(happened => happened.Kind);

    public IEnumerable<Offer> OffersSent => Sent.Select(message => message.Body).OfType<OfferMessage>().SelectMany(message => message.Offers);

    public IEnumerable<CanceledAttempt> CancelsSent =>
        Sent.Select(message => message.Body).OfType<CancelMessage>().SelectMany(message => message.Attempts);

    public TaskRecord Task(Guid id) => State.Tasks.GetValueOrDefault(id) ?? History[id].Task;

    public SchedulerBench Pass(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>One turn: decided, committed, sent.</summary>
    public TurnDraft Turn(params object[] inputs)
    {
        var taken = Inputs(inputs);
        var turn = Scheduler.Turn.Decide(State, taken, Now);
        Finish(turn);
        return turn;
    }

    /// <summary>Decided and then discarded, as after a refused commit.</summary>
    public void LostTurn(params object[] inputs) => Scheduler.Turn.Decide(State, Inputs(inputs), Now).ToCommit();

    /// <summary>The answer to a command.</summary>
    public T Ask<T>(object command) => Assert.IsType<T>(Send(command).Answered);

    /// <summary>The code of a refusal.</summary>
    public string Refusal(object command) => Ask<CommandRefused>(command).Code;

    public Asker Send(object command)
    {
        var asker = new Asker();
        Turn(new CommandInput(command, asker));
        return asker;
    }

    /// <summary>Time passes in small turns, so that everything due is done in order.</summary>
    public void Run(TimeSpan time, TimeSpan? step = null)
    {
        for (var end = Now + time; Now < end;)
        {
            Now += step ?? TimeSpan.FromSeconds(1);
            Turn();
        }
    }

    public Guid Submit(
        int priority = 4, string type = "resize", string pool = "default", int cost = 1, int? maxAttempts = null,
        TimeSpan? timeout = null, Dictionary<string, string>? requires = null)
    {
        // The same ids in every run: the back-off depends on them.
        var task = ATask(priority, type, pool, cost, maxAttempts, timeout, requires, new Guid(++_tasks, 0, 0, new byte[8]));
        Turn(Submission(task));
        return task.Id;
    }

    public SubmissionInput Submission(params SubmittedTask[] tasks) => new(new TaskSubmitted { AcceptedAt = Now, Tasks = tasks }, new Delivery());

    public static SubmittedTask ATask(
        int priority = 4, string type = "resize", string pool = "default", int cost = 1, int? maxAttempts = null,
        TimeSpan? timeout = null, Dictionary<string, string>? requires = null, Guid? id = null) => new()
        {
            Id = id ?? Guid.NewGuid(),
            Type = type,
            Priority = priority,
            Pool = pool,
            Cost = cost,
            MaxAttempts = maxAttempts,
            Timeout = timeout,
            Requires = requires,
        };

    public RegisterWorker Registration(
        string id, int slots = 1, string pool = "default", string role = WorkerRole.Active, string transport = WorkerTransport.Amqp,
        Dictionary<string, string>? labels = null, string[]? types = null) => new()
        {
            Worker = id,
            Session = $"s{++_sessions}",
            Pool = pool,
            Slots = slots,
            Role = role,
            Transport = transport,
            Labels = labels,
            Types = types,
            MaxBatch = 10,
        };

    public Worker AddWorker(
        string id, int slots = 1, string pool = "default", string role = WorkerRole.Active, string transport = WorkerTransport.Amqp,
        Dictionary<string, string>? labels = null, string[]? types = null)
    {
        Ask<WorkerRegistered>(Registration(id, slots, pool, role, transport, labels, types));
        return State.Workers[id];
    }

    /// <summary>What the worker that has the task says of its latest attempt.</summary>
    public ReportInput Report(string kind, TaskRecord task, Func<Report, Report>? with = null) =>
        Report(kind, task.Worker!, ReportOf(task, with));

    public ReportInput Report(string kind, string worker, params Report[] reports) => new(
        new ReportMessage { Kind = kind, Worker = worker, Session = State.Workers.GetValueOrDefault(worker)?.Record.Session ?? "none", Reports = reports },
        new Delivery());

    public static Report ReportOf(TaskRecord task, Func<Report, Report>? with = null)
    {
        var report = new Report { Task = task.Id, Attempt = task.Attempt, Token = task.Token.ToString() };
        return with is null ? report : with(report);
    }

    public BeatInput Beat(string worker) => new(new BeatMessage { Worker = worker, Session = State.Workers[worker].Record.Session });

    public ReportInput Inventory(string worker, long lastOffer, params HeldAttempt[] attempts) => new(
        new InventoryMessage { Worker = worker, Session = State.Workers[worker].Record.Session, LastOffer = lastOffer, Attempts = attempts },
        new Delivery());

    /// <summary>Another leader takes over what was committed.</summary>
    public TurnDraft TakeOver(bool embedded = false, Predicate<WorkerRecord>? keeps = null)
    {
        var loaded = new LoadedState([.. State.Tasks.Values], [.. State.Workers.Values.Select(worker => worker.Record).Where(record => keeps?.Invoke(record) ?? true)],
            [.. State.Pools.Values], State.Statistics.Totals, NewestFinished);
        return Lead(new Leadership(State.Epoch + 1, State.Turn, Counters, Now), loaded, embedded);
    }

    /// <summary>What the database holds now.</summary>
    public Backup BackUp() => new(
        new Leadership(State.Epoch, State.Turn, Counters, Now),
        new LoadedState([.. State.Tasks.Values.Select(Copy)], [.. State.Workers.Values.Select(worker => worker.Record)],
            [.. State.Pools.Values], State.Statistics.Totals, NewestFinished),
        new Dictionary<Guid, HistoryEntry>(History));

    /// <summary>A leader takes over a backup that was put back by the operations page.</summary>
    public TurnDraft GoBack(Backup backup)
    {
        History.Clear();
        foreach (var (id, entry) in backup.History) History.Add(id, entry);
        var (epoch, turn, counters, _) = backup.Leadership;
        return Lead(new Leadership(epoch + 1_001, turn, counters with { Offer = counters.Offer + 1_000_000_000 }, Now), backup.Loaded, embedded: false);
    }

    private Guid NewestFinished => History.Keys.Where(id => !TaskId.IsKeyed(id)).DefaultIfEmpty().Max();

    private Counters Counters => new(State.NextSeq, State.NextOffer, State.NextEvent);

    private TurnDraft Lead(Leadership leadership, LoadedState loaded, bool embedded)
    {
        State = Takeover.StateOf(leadership, loaded, new SchedulerOptions { Queues = State.Queues });
        var turn = new TurnDraft(State, Now);
        Takeover.Begin(turn, embedded);
        Finish(turn);
        return turn;
    }

    public void Adopt(SchedulerState before) => State.Adopt(before);

    private void Finish(TurnDraft turn)
    {
        var commit = turn.ToCommit();
        Commits.Add(commit);
        foreach (var revived in commit.Revived) Assert.True(History.Remove(revived.Id), $"Task {revived.Id} is not in the history.");
        foreach (var finished in commit.Finished) History.Add(finished.Task.Id, new HistoryEntry(finished.Task, finished.FinishedAt));
        Outgoing.Send(turn, new TurnReceipt(Now, new Dictionary<Guid, byte[]>()), _wire);
    }

    private TurnInputs Inputs(object[] inputs)
    {
        var taken = new TurnInputs { DeafTo = DeafTo };
        foreach (var input in inputs)
        {
            switch (input)
            {
                case CommandInput command: taken.Commands.Add(command); break;
                case ReturnInput returned: taken.Returns.Add(returned); break;
                case ReconnectInput reconnect: taken.Reconnects.Add(reconnect); break;
                case ReportInput report: taken.Reports.Add(report); break;
                case BeatInput beat: taken.Beats.Add(beat); break;
                case ReserveReviewInput review: taken.Reviews.Add(review); break;
                case QuarantineInput quarantine: taken.Quarantines.Add(quarantine); break;
                case SubmissionInput submission: taken.Submissions.Add(submission); break;
                default: throw new ArgumentException($"{input.GetType().Name} is no input.", nameof(inputs));
            }
        }
        taken.Finished = taken.NamedTasks().Where(id => !State.Tasks.ContainsKey(id) && History.ContainsKey(id)).Distinct()
            .ToDictionary(id => id, id => History[id]);
        return taken;
    }

    private static TaskRecord Copy(TaskRecord task)
    {
        var copy = new TaskRecord { Class = task.Class };
        foreach (var property in typeof(TaskRecord).GetProperties()) property.SetValue(copy, property.GetValue(task));
        return copy;
    }

    internal sealed record Backup(Leadership Leadership, LoadedState Loaded, Dictionary<Guid, HistoryEntry> History);

    private sealed class Wire(SchedulerBench bench) : IWorkerWire
    {
        public void Declare(string worker, Action<bool> done) => done(true);

        public void Send(WorkerMessage message) => bench.Sent.Add(message);
    }
}
