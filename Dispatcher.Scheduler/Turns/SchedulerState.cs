using System.Collections.Immutable;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>All the leader knows: every active task, every worker, every pool. The database is its log.</summary>
internal sealed class SchedulerState
{
    private readonly Dictionary<TaskClass, ClassTally> _classes = [];
    private readonly HashSet<Worker> _online = [];
    private readonly HashSet<Worker> _suspect = [];

    public SchedulerState(Leadership leadership, Guid newestFinished = default)
    {
        Finished = new FinishedIds(newestFinished);
        Epoch = leadership.Epoch;
        Turn = leadership.Turn;
        NextSeq = leadership.Counters.Seq;
        NextOffer = leadership.Counters.Offer;
        NextEvent = leadership.Counters.Event;
        TookOverAt = leadership.DatabaseNow;
    }

    public int Epoch { get; }

    /// <summary>Names workers are told.</summary>
    public required QueueNames Queues { get; init; }

    public Leases Leases { get; init; } = new();

    /// <summary>When this leadership began.</summary>
    public DateTimeOffset TookOverAt { get; }

    /// <summary>The last turn decided.</summary>
    public long Turn { get; set; }

    public long NextSeq { get; set; }
    public long NextOffer { get; set; }
    public long NextEvent { get; set; }

    public Dictionary<Guid, TaskRecord> Tasks { get; } = [];
    public Backlog Backlog { get; } = new();
    public Dictionary<string, Worker> Workers { get; } = [];
    public FleetIndex Fleet { get; } = new();
    public Dictionary<string, PoolSettings> Pools { get; } = [];
    public Deadlines Deadlines { get; } = new();
    public Waiters Waiters { get; private set; } = new();
    public Statistics Statistics { get; private set; } = new();
    public ReserveBook Reserve { get; private set; } = new();
    public LossBrake Brake { get; } = new();
    public FailureWatch Failures { get; } = new();

    public FinishedIds Finished { get; }

    public WaitingPayloads Payloads { get; } = new();

    /// <summary>Tasks offered by an earlier leader, or before RabbitMQ was away, of which no worker has spoken since.</summary>
    public HashSet<Guid> Unconfirmed { get; } = [];

    /// <summary>Workers that drain and still hold something.</summary>
    public HashSet<Worker> Draining { get; } = [];

    /// <summary>Tasks by class and state.</summary>
    public IReadOnlyCollection<ClassTally> Classes => _classes.Values;

    /// <summary>Workers whose liveness is online.</summary>
    public int OnlineWorkers => _online.Count;

    /// <summary>Workers that are silent and not lost yet.</summary>
    public int SuspectWorkers => _suspect.Count;

    /// <summary>Until when attempts are trusted whatever their deadlines say: reports of the time we were away still come in.</summary>
    public DateTimeOffset AttemptsTrustedUntil { get; set; }

    /// <summary>Transports over which nothing can be heard: the silence of their workers says nothing about them.</summary>
    public ImmutableHashSet<string> DeafTo { get; set; } = [];

    public bool IsDeafTo(Worker worker) => DeafTo.Contains(worker.Record.Transport);

    /// <summary>Keeps the counts of workers in line with a worker's change.</summary>
    public void CountLiveness(Worker worker, string next)
    {
        if (next == Liveness.Online) _online.Add(worker);
        else _online.Remove(worker);
        if (next == Liveness.Suspect) _suspect.Add(worker);
        else _suspect.Remove(worker);
    }

    public PoolSettings PoolOf(TaskRecord task) =>
        Pools.GetValueOrDefault(task.Class.Pool) ?? new PoolSettings { Name = task.Class.Pool };

    /// <summary>The one instance of an equal class, so that tasks of a class share it.</summary>
    public TaskClass Intern(TaskClass taskClass) =>
        _classes.TryGetValue(taskClass, out var tally) ? tally.Class : taskClass;

    /// <summary>The reserve's memory of a pool; null if there is no such pool.</summary>
    public PoolFlow? FlowOf(string pool) => Pools.ContainsKey(pool) ? Reserve.Of(pool) : null;

    /// <summary>Takes over what is in memory only from a state that was discarded.</summary>
    public void Adopt(SchedulerState before)
    {
        (Waiters, Statistics, Reserve) = (before.Waiters, before.Statistics, before.Reserve);
        Statistics.ForgetTurn();
        foreach (var (id, worker) in Workers)
            if (before.Workers.TryGetValue(id, out var known)) worker.HeardAt = known.HeardAt;
        foreach (var waiter in Waiters.All()) Deadlines.Add(TookOverAt, new Deadline.Wait(waiter));
    }

    /// <summary>Brings every index in line after a task changed; the only place where they change.</summary>
    /// <param name="before">Its state before; empty for a task that was not here.</param>
    public void Reindex(TaskRecord task, string before)
    {
        var after = task.State;
        if (before == after) return;

        Tally(task, before, after);
        if (before == TaskState.Queued && Backlog.Left(task)) Fleet.Forget(task.Class);
        if (before == TaskState.Offered) Unconfirmed.Remove(task.Id);
        if (after == TaskState.Queued) Backlog.Add(task);

        if (IsHeld(before) != IsHeld(after) && task.Worker is { } id && Workers.TryGetValue(id, out var worker))
        {
            if (IsHeld(after)) Fleet.Take(worker, task);
            else Fleet.Give(worker, task);
        }

        if (!TaskState.IsFinished(after))
        {
            Tasks[task.Id] = task;
            return;
        }
        Tasks.Remove(task.Id);
        Payloads.TryTake(task.Id, out _);
        Finished.Add(task.Id);
    }

    private static bool IsHeld(string state) => state is TaskState.Offered or TaskState.Running or TaskState.Canceling;

    private void Tally(TaskRecord task, string before, string after)
    {
        if (!_classes.TryGetValue(task.Class, out var tally)) _classes[task.Class] = tally = new ClassTally(task.Class);
        if (before.Length > 0 && !TaskState.IsFinished(before)) tally.Count(before, -1);
        if (!TaskState.IsFinished(after)) tally.Count(after, +1);
        if (tally.Total == 0) _classes.Remove(task.Class);
    }
}
