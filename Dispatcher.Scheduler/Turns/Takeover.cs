using System.Collections.Immutable;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>The first turn of a leadership: everybody gets a full lease, and what an earlier leader left open is closed.</summary>
internal static class Takeover
{
    /// <summary>Fills the memory with what the database holds.</summary>
    public static SchedulerState StateOf(Leadership leadership, LoadedState loaded, SchedulerOptions options)
    {
        var state = new SchedulerState(leadership, loaded.NewestFinished) { Queues = options.Queues, Leases = new Leases(options.LeaseScale) };
        state.Statistics.Totals = loaded.Totals;
        foreach (var pool in loaded.Pools) state.Pools[pool.Name] = pool;
        foreach (var record in loaded.Workers.OrderBy(worker => worker.Id, StringComparer.Ordinal))
        {
            var worker = new Worker(record);
            state.Workers[record.Id] = worker;
            state.CountLiveness(worker, record.Liveness);
            state.Fleet.Change(worker, record);
            if (record.Admission == Admission.Draining) state.Draining.Add(worker);
        }
        state.Tasks.EnsureCapacity(loaded.Tasks.Count);
        foreach (var task in loaded.Tasks.OrderBy(task => task.Seq)) state.Reindex(task, before: "");
        return state;
    }

    /// <summary>Gives leases and asks what the workers hold.</summary>
    public static void Begin(TurnDraft turn, bool embedded)
    {
        var state = turn.State;
        state.AttemptsTrustedUntil = turn.Now + state.Leases.CancelGrace;
        foreach (var task in state.Tasks.Values) TaskLifecycle.AddDeadline(turn, task);
        foreach (var task in state.Tasks.Values.Where(task => IsOrphan(state, task)).ToList())
            TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.AttemptEnded,
                new AttemptEnded(turn, AttemptOutcome.Interrupted, "worker-unknown"));
        foreach (var worker in state.Workers.Values)
        {
            if (worker.Record.Liveness is Liveness.Lost or Liveness.Offline) continue;

            if (embedded && worker.Record.Transport == WorkerTransport.Amqp) Bury(turn, worker);
            else Adopt(turn, worker);
        }
    }

    /// <summary>We were not there for a while: no silence is held against anybody.</summary>
    public static void Forgive(SchedulerState state, DateTimeOffset now) => Forgive(state, state.Workers.Values, now);

    /// <summary>Who was not to be heard and is again, is judged from now on.</summary>
    public static void Hear(SchedulerState state, ImmutableHashSet<string> deafTo, DateTimeOffset now)
    {
        var heardAgain = state.DeafTo.Except(deafTo);
        state.DeafTo = deafTo;
        if (!heardAgain.IsEmpty) Forgive(state, state.Workers.Values.Where(worker => heardAgain.Contains(worker.Record.Transport)), now);
    }

    private static void Forgive(SchedulerState state, IEnumerable<Worker> workers, DateTimeOffset now)
    {
        foreach (var worker in workers) worker.TrustedSince = now;
        state.AttemptsTrustedUntil = now + state.Leases.CancelGrace;
    }

    /// <summary>A worker has it, by its state, but no worker that could report on it.</summary>
    private static bool IsOrphan(SchedulerState state, TaskRecord task) =>
        task.State is TaskState.Offered or TaskState.Running or TaskState.Canceling
        && (!state.Workers.TryGetValue(task.Worker ?? "", out var worker) || worker.Record.Liveness is Liveness.Lost or Liveness.Offline);

    private static void Adopt(TurnDraft turn, Worker worker)
    {
        var pool = turn.State.Pools.GetValueOrDefault(worker.Record.Pool) ?? new PoolSettings { Name = worker.Record.Pool };
        WorkerHandler.Trust(turn, worker, WorkerLiveness.IntervalFor(pool.HeartbeatInterval, turn.State.OnlineWorkers));
        if (worker.Record.DrainDeadline is { } at) turn.State.Deadlines.Add(at, new Deadline.Drain(worker.Id, worker.Record.Session));
        InventoryHandler.Adopt(turn, worker);
    }

    /// <summary>The worker lived in the process that died.</summary>
    private static void Bury(TurnDraft turn, Worker worker)
    {
        WorkerHandler.EndAttempts(turn, worker, AttemptOutcome.Interrupted, "process-restarted");
        turn.Change(worker, worker.Record with { Liveness = Liveness.Offline });
        turn.NoteFleet("offline", worker.Record.Pool, worker.Id, "process-restarted", null);
    }
}
