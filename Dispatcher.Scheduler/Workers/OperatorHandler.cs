using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>What operators do with workers: cordon, drain, activate, and back.</summary>
internal static class OperatorHandler
{
    public static object Change(TurnDraft turn, ChangeWorker command)
    {
        if (!turn.State.Workers.TryGetValue(command.Worker, out var worker))
            return WorkerHandler.Refuse(ProblemCode.UnknownWorker, $"There is no worker '{command.Worker}'. GET /v1/workers lists them.");

        var isReserveAction = command.Action is WorkerAction.Activate or WorkerAction.Deactivate;
        if (isReserveAction && worker.Record.Role != WorkerRole.Reserve)
            return WorkerHandler.Refuse(ProblemCode.WorkerNotReserve, $"Worker '{worker.Id}' is an active worker; only reserve workers are activated.");

        switch (command.Action)
        {
            case WorkerAction.Cordon:
                Admit(turn, worker, Admission.Cordoned, "cordoned", command);
                break;
            case WorkerAction.Uncordon:
                Admit(turn, worker, Admission.Open, "uncordoned", command);
                break;
            case WorkerAction.Drain:
                Drain(turn, worker, command);
                break;
            case WorkerAction.Activate:
                ReserveHandler.SetActivated(turn, worker, activated: true, byHand: true, command.Reason, command.By);
                break;
            case WorkerAction.Deactivate:
                ReserveHandler.SetActivated(turn, worker, activated: false, byHand: false, command.Reason, command.By);
                break;
            default:
                return WorkerHandler.Refuse(ProblemCode.ValidationFailed, $"There is no action '{command.Action}'.");
        }
        return new WorkerChanged { Worker = worker.Id };
    }

    /// <summary>Workers that held nothing more at the end of the turn are drained.</summary>
    public static void FinishDrains(TurnDraft turn)
    {
        foreach (var worker in turn.State.Draining.Where(worker => worker.Held.Count == 0).ToList())
        {
            turn.State.Draining.Remove(worker);
            if (worker.Record.Admission != Admission.Draining) continue;

            turn.Change(worker, worker.Record with { Admission = Admission.Drained, DrainDeadline = null });
            turn.NoteFleet("drained", worker.Record.Pool, worker.Id, worker.Record.Reason, null);
        }
    }

    /// <summary>The drain's time is over: what still runs is released, at no cost. A drain that was given more time goes on.</summary>
    public static void EndDrain(TurnDraft turn, Worker worker)
    {
        if (worker.Record.Admission != Admission.Draining || !(worker.Record.DrainDeadline <= turn.Now)) return;

        foreach (var task in worker.Held.Values) turn.TellToStop(task, "superseded");
        WorkerHandler.EndAttempts(turn, worker, AttemptOutcome.Released, "drain-deadline");
    }

    private static void Admit(TurnDraft turn, Worker worker, string admission, string kind, ChangeWorker command)
    {
        if (worker.Record.Admission == admission) return;

        turn.State.Draining.Remove(worker);
        turn.State.Failures.Forget(worker.Id);
        turn.Change(worker, worker.Record with { Admission = admission, Reason = command.Reason, DrainDeadline = null });
        turn.NoteFleet(kind, worker.Record.Pool, worker.Id, command.Reason, command.By);
    }

    private static void Drain(TurnDraft turn, Worker worker, ChangeWorker command)
    {
        if (worker.Record.Admission is Admission.Drained) return;

        var deadline = turn.Now + command.Deadline;
        turn.Change(worker, worker.Record with { Admission = Admission.Draining, Reason = command.Reason, DrainDeadline = deadline });
        turn.NoteFleet("draining", worker.Record.Pool, worker.Id, command.Reason, command.By);
        turn.State.Draining.Add(worker);
        if (deadline is { } at) turn.State.Deadlines.Add(at, new Deadline.Drain(worker.Id, worker.Record.Session));
        if (worker.Record.Transport == WorkerTransport.Amqp)
            turn.Words.Add((worker.Id, new DrainMessage { Reason = command.Reason, Deadline = deadline }));
    }
}
