using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Does what is due. A deadline that no longer means anything does nothing.</summary>
internal static class DeadlineHandler
{
    /// <summary>Deadlines of one turn; more are due again in the next one.</summary>
    private const int PerTurn = 5_000;

    public static void Handle(TurnDraft turn)
    {
        for (var taken = 0; taken < PerTurn && turn.State.Deadlines.TryTake(turn.Now, out var deadline); taken++)
        {
            if (!IsMeant(turn.State, deadline)) continue;

            if (TrustedUntil(turn, deadline) is var later && turn.Now < later) turn.State.Deadlines.Add(later, deadline);
            else Act(turn, deadline);
        }
        turn.State.Deadlines.Compact(deadline => IsMeant(turn.State, deadline));
    }

    private static bool IsMeant(SchedulerState state, Deadline deadline) => deadline switch
    {
        Deadline.OfferLease(var id, var attempt) => Find(state, id, attempt, TaskState.Offered) is not null,
        Deadline.Timeout(var id, var attempt) => Find(state, id, attempt, TaskState.Running) is not null,
        Deadline.CancelGrace(var id, var attempt) => Find(state, id, attempt, TaskState.Canceling) is not null,
        Deadline.Missing(var id, var attempt) => state.Tasks.TryGetValue(id, out var task) && task.Attempt == attempt
            && task.State is TaskState.Offered or TaskState.Running or TaskState.Canceling,
        Deadline.Retry(var id, var attempt) => Find(state, id, attempt, TaskState.Retrying) is not null,
        Deadline.Silence(var id, var session) => state.Workers.TryGetValue(id, out var worker) && worker.Record.Session == session
            && worker.Record.Liveness is Liveness.Online or Liveness.Suspect,
        Deadline.Drain(var id, var session) => state.Workers.TryGetValue(id, out var worker) && worker.Record.Session == session
            && worker.Record.Admission == Admission.Draining,
        Deadline.Wait(var waiter) => !waiter.IsDone,
        _ => false,
    };

    /// <summary>An attempt is not judged while its worker's reports can't be heard, nor just after.</summary>
    private static DateTimeOffset TrustedUntil(TurnDraft turn, Deadline deadline)
    {
        var state = turn.State;
        if (AttemptOf(deadline) is not { } id) return default;

        return state.Workers.TryGetValue(state.Tasks[id].Worker ?? "", out var worker) && state.IsDeafTo(worker)
            ? turn.Now + state.Leases.CancelGrace : state.AttemptsTrustedUntil;
    }

    private static Guid? AttemptOf(Deadline deadline) => deadline switch
    {
        Deadline.OfferLease(var id, _) => id,
        Deadline.Timeout(var id, _) => id,
        Deadline.CancelGrace(var id, _) => id,
        _ => null,
    };

    private static void Act(TurnDraft turn, Deadline deadline)
    {
        var state = turn.State;
        var machine = TaskLifecycle.Machine;
        switch (deadline)
        {
            case Deadline.OfferLease(var id, _):
                turn.TellToStop(state.Tasks[id], "superseded");
                TaskLifecycle.Raise(turn, state.Tasks[id], machine.AttemptEnded,
                    new AttemptEnded(turn, AttemptOutcome.Undeliverable, "not-started"));
                break;
            case Deadline.Timeout(var id, _):
                TaskLifecycle.Raise(turn, state.Tasks[id], machine.AttemptTimedOut, new AttemptTimedOut(turn));
                break;
            case Deadline.CancelGrace(var id, _):
                TaskLifecycle.Raise(turn, state.Tasks[id], machine.CancelGraceElapsed, new CancelGraceElapsed(turn));
                break;
            case Deadline.Missing(var id, _):
                InventoryHandler.EndMissing(turn, state.Tasks[id]);
                break;
            case Deadline.Retry(var id, _):
                TaskLifecycle.Raise(turn, state.Tasks[id], machine.RetryElapsed, new RetryElapsed(turn));
                break;
            case Deadline.Silence(var id, _):
                WorkerHandler.Judge(turn, state.Workers[id]);
                break;
            case Deadline.Drain(var id, _):
                OperatorHandler.EndDrain(turn, state.Workers[id]);
                break;
            case Deadline.Wait(var waiter):
                turn.Answer(waiter);
                break;
        }
    }

    private static TaskRecord? Find(SchedulerState state, Guid id, int attempt, string wanted) =>
        state.Tasks.TryGetValue(id, out var task) && task.Attempt == attempt && task.State == wanted ? task : null;
}
