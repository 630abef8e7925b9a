using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>One turn: inputs and the clock in, changes and sends out. Pure but for the state it changes, which is discarded
/// whole if the commit does not succeed.</summary>
internal static class Turn
{
    /// <summary>Decides everything the inputs and the clock ask for.</summary>
    public static TurnDraft Decide(SchedulerState state, TurnInputs inputs, DateTimeOffset now)
    {
        var turn = new TurnDraft(state, now);
        state.Statistics.BeginTurn();
        Takeover.Hear(state, inputs.DeafTo, now);

        foreach (var input in inputs.Commands) CommandHandler.Handle(turn, input, inputs.Finished);
        foreach (var input in inputs.Returns) HandleReturn(turn, input);
        if (inputs.Reconnects.Count > 0) InventoryHandler.DoubtAll(turn);
        foreach (var input in inputs.Reports)
        {
            if (input.Message is ReportMessage reports) ReportHandler.Handle(turn, reports, inputs.Finished);
            else InventoryHandler.Handle(turn, (InventoryMessage)input.Message);
        }
        foreach (var input in inputs.Beats) WorkerHandler.Beat(turn, input.Message);
        DeadlineHandler.Handle(turn);
        QuarantineHandler.Review(turn);
        if (inputs.Reviews.Count > 0) ReserveHandler.ReviewDue(turn);
        foreach (var input in inputs.Quarantines) turn.Quarantined.Add(input.Message);
        foreach (var input in inputs.Submissions) SubmissionHandler.Handle(turn, input.Message, inputs.Finished);

        turn.HasMore = Placer.Place(turn);
        OperatorHandler.FinishDrains(turn);
        foreach (var input in inputs.Commands) CommandHandler.Explain(turn, input, inputs.Finished);
        FinishTasks(turn);
        return turn;
    }

    /// <summary>The worker has no queue: all it has ends at no cost, and it is gone until it registers again, as it must to
    /// get a queue. What comes back without naming a live attempt may be of an earlier session and says nothing.</summary>
    private static void HandleReturn(TurnDraft turn, ReturnInput input)
    {
        if (!turn.State.Workers.TryGetValue(input.Worker, out var worker)) return;

        var returned = worker.Held.Values.Where(task => input.Attempts.Contains(new HeldAttempt(task.Id, task.Attempt))).ToList();
        if (returned.Count == 0) return;

        foreach (var task in returned)
            TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.AttemptEnded,
                new AttemptEnded(turn, AttemptOutcome.Undeliverable, "queue-missing"));
        WorkerHandler.EndAttempts(turn, worker, AttemptOutcome.Interrupted, "queue-missing");
        turn.Change(worker, worker.Record with { Liveness = Liveness.Lost });
        turn.NoteFleet("lost", worker.Record.Pool, worker.Id, "its queue is missing", null);
    }

    private static void FinishTasks(TurnDraft turn)
    {
        foreach (var finished in turn.Finished)
        {
            turn.State.Statistics.CountFinished(finished, turn.State.FlowOf(finished.Task.Class.Pool));
            foreach (var waiter in turn.State.Waiters.Of(finished.Task.Id)) turn.Answer(waiter, finished.Task.Id);
        }
    }
}
