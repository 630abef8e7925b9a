using System.Diagnostics;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Deals with requests that want an answer. All are idempotent; answers go out after the commit.</summary>
internal static class CommandHandler
{
    /// <summary>Ids that clients may wait for at once, over all of them.</summary>
    private const int WaiterLimit = 50_000;

    public static void Handle(TurnDraft turn, CommandInput input, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        if (input.Command is WaitTasks wait)
        {
            Wait(turn, wait, input.Reply, finished);
            return;
        }
        if (input.Command is ExplainTask) return;            // answered after placement

        var reply = input.Command switch
        {
            CancelTask cancel => Cancel(turn, cancel, finished),
            RetryTask retry => Retry(turn, retry, finished),
            RegisterWorker register => WorkerHandler.Register(turn, register),
            BeatWorkers beats => WorkerHandler.Beat(turn, beats),
            ReportAttempts reports => ReportHandler.Handle(turn, reports, finished),
            ChangeWorker change => OperatorHandler.Change(turn, change),
            PutPool put => PutPool(turn, put),
            AskWorkers ask => Ask(turn.State, ask),
            _ => throw new UnreachableException($"Nobody handles {input.Command.GetType().Name}."),
        };
        turn.Replies.Add((input.Reply, reply));
    }

    /// <summary>After placement, so that the reasons are this turn's.</summary>
    public static void Explain(TurnDraft turn, CommandInput input, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        if (input.Command is not ExplainTask explain) return;

        object reply = turn.Find(explain.Task, finished) is { } task
            ? Explainer.Explain(turn.State, task) : UnknownTask(explain.Task);
        turn.Replies.Add((input.Reply, reply));
    }

    private static object Cancel(TurnDraft turn, CancelTask command, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        if (turn.Find(command.Task, finished) is not { } task) return UnknownTask(command.Task);
        if (TaskState.IsFinished(task.State)) return Finished(task);

        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.CancelRequested, new CancelRequested(turn, command.By, command.Reason));
        return new TaskChanged { Task = task.Id, State = task.State };
    }

    private static object Finished(TaskRecord task) => task.State == TaskState.Canceled
        ? new TaskChanged { Task = task.Id, State = task.State }
        : WorkerHandler.Refuse(ProblemCode.TaskFinished, $"Task {task.Id} is {task.State} already; nothing is left to cancel.");

    private static object Retry(TurnDraft turn, RetryTask command, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        if (turn.Find(command.Task, finished) is not { } task) return UnknownTask(command.Task);
        if (task.State != TaskState.Dead)
            return WorkerHandler.Refuse(ProblemCode.TaskNotDead, $"Task {task.Id} is {task.State}; only a dead task is given a new round.");

        turn.Revive(task);
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.RetryRequested, new RetryRequested(turn, command.By, command.Reason));
        return new TaskChanged { Task = task.Id, State = task.State };
    }

    private static void Wait(TurnDraft turn, WaitTasks command, IReply reply, IReadOnlyDictionary<Guid, HistoryEntry> finished)
    {
        var done = command.Tasks.Where(finished.ContainsKey).ToList();
        if (done.Count > 0 || turn.State.Waiters.Count >= WaiterLimit)
        {
            turn.Replies.Add((reply, new TasksFinished { Tasks = done }));
            return;
        }

        var waiter = new Waiter(reply, [.. command.Tasks.Distinct()]);
        turn.State.Waiters.Add(waiter);
        var timeout = command.Timeout < Limits.LongestWait ? command.Timeout : Limits.LongestWait;
        turn.State.Deadlines.Add(turn.Now + timeout, new Deadline.Wait(waiter));
    }

    private static PoolChanged PutPool(TurnDraft turn, PutPool command)
    {
        var pool = command.Pool;
        var created = !turn.State.Pools.TryGetValue(pool.Name, out var before);
        if (before != pool)
        {
            turn.State.Pools[pool.Name] = pool;
            turn.ChangedPools.Add(pool);
            turn.NoteFleet(created ? "pool-created" : "pool-changed", pool.Name, null, null, command.By);
            if (pool.Reserve.Policy == ReservePolicyName.Off && before?.Reserve.Policy != ReservePolicyName.Off)
                ReserveHandler.StandDown(turn, pool.Name);
        }
        return new PoolChanged { Pool = pool.Name, Created = created };
    }

    private static WorkersNow Ask(SchedulerState state, AskWorkers command) => new()
    {
        Workers = [.. command.Workers.Select(id => state.Workers.TryGetValue(id, out var worker) ? new WorkerNow
        {
            LastBeatAt = worker.HeardAt,
            SlotsUsed = worker.SlotsUsed,
            Attempts = [.. worker.Held.Values.OrderBy(task => task.Seq).Take(1_000).Select(task => new HeldAttempt(task.Id, task.Attempt))],
        } : null)],
    };

    private static CommandRefused UnknownTask(Guid id) => WorkerHandler.Refuse(ProblemCode.UnknownTask, $"There is no task {id}.");
}
