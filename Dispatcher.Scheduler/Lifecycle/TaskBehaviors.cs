using Broker.Contracts;
using Broker.Storage;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>The steps the state machine is made of. Each changes the task and notes what happened.</summary>
internal static class TaskBehaviors
{
    private const string Scheduler = "scheduler";

    public static EventActivityBinder<TaskSaga, Submitted> Record(this EventActivityBinder<TaskSaga, Submitted> binder) =>
        binder.Step((task, submitted) =>
        {
            task.QueuedAt = submitted.Turn.Now;
            submitted.Turn.Note(task, new TaskTransition { Event = "submitted", State = TaskState.Queued });
        });

    public static EventActivityBinder<TaskSaga, Placed> Offer(this EventActivityBinder<TaskSaga, Placed> binder) =>
        binder.Step((task, placed) =>
        {
            task.Attempt++;
            task.Token = placed.Token;
            task.Worker = placed.Worker.Id;
            task.Outcome = null;
            task.OfferedAt = placed.Turn.Now;
            task.StartedAt = null;
            placed.Turn.Note(task, new TaskTransition
            {
                Event = "offered",
                State = TaskState.Offered,
                Attempt = task.Attempt,
                Worker = placed.Worker.Id,
                Load = placed.Worker.Load,
                Eligible = placed.Eligible,
                Offer = placed.Token.Number,
                By = Scheduler,
            });
        });

    public static EventActivityBinder<TaskSaga, T> Start<T>(this EventActivityBinder<TaskSaga, T> binder) where T : AttemptNews =>
        binder.Step((task, news) =>
        {
            if (task.StartedAt is not null) return;

            task.StartedAt = news.Turn.Now;
            var state = task.State == TaskState.Offered ? TaskState.Running : task.State;
            news.Turn.Note(task, OfAttempt(task, "started", state, news.By));
        });

    public static EventActivityBinder<TaskSaga, ProgressReported> Progress(this EventActivityBinder<TaskSaga, ProgressReported> binder) =>
        binder.Step((task, progress) => progress.Turn.Note(task, OfAttempt(task, "progress", TaskState.Running, progress.By) with
        {
            Reason = progress.Report.Message,
            Percent = progress.Report.Percent,
        }));

    public static EventActivityBinder<TaskSaga, SuccessReported> Succeed(this EventActivityBinder<TaskSaga, SuccessReported> binder) =>
        binder.Step((task, success) =>
        {
            BackdateStart(task, success);
            task.RetryAt = null;
            End(task, success.Turn, AttemptOutcome.Succeeded, TaskState.Succeeded, null, success.By);
            success.Turn.NoteResult(task, failed: false);
            success.Turn.Finish(task, success.Report.Result.ToArrayOrNull(), error: null);
        });

    public static EventActivityBinder<TaskSaga, FailureReported> CountFailure(this EventActivityBinder<TaskSaga, FailureReported> binder) =>
        binder.Step((task, failure) =>
        {
            BackdateStart(task, failure);
            var error = failure.Report.Error ?? new TaskError("failed", "The worker gave no error.");
            TimeSpan? retryAfter = Durations.TryParse(failure.Report.RetryAfter, out var asked) ? asked : null;
            Fail(task, failure.Turn, AttemptOutcome.Failed, error, failure.By, failure.Report.Retryable ?? true, retryAfter);
        });

    public static EventActivityBinder<TaskSaga, AttemptTimedOut> TimeOut(this EventActivityBinder<TaskSaga, AttemptTimedOut> binder) =>
        binder.Step((task, timedOut) =>
        {
            timedOut.Turn.TellToStop(task, AttemptOutcome.TimedOut);
            var error = new TaskError(AttemptOutcome.TimedOut, $"Attempt {task.Attempt} ran longer than {Durations.Format(task.Timeout)}.");
            Fail(task, timedOut.Turn, AttemptOutcome.TimedOut, error, Scheduler, retryable: true, retryAfter: null);
        });

    public static EventActivityBinder<TaskSaga, T> RetryOrGiveUp<T>(
        this EventActivityBinder<TaskSaga, T> binder, TaskStateMachine machine) where T : LifecycleEvent =>
        binder.IfElse(context => context.Saga.Task.RetryAt is null,
            dead => dead.TransitionTo(machine.Dead),
            again => again.TransitionTo(machine.Retrying));

    public static EventActivityBinder<TaskSaga, ReleaseReported> Release(this EventActivityBinder<TaskSaga, ReleaseReported> binder) =>
        binder.Step((task, back) =>
            End(task, back.Turn, AttemptOutcome.Released, TaskState.Queued, back.Report.Error?.Code, back.By));

    public static EventActivityBinder<TaskSaga, AttemptEnded> EndAttempt(this EventActivityBinder<TaskSaga, AttemptEnded> binder) =>
        binder.Step((task, ended) =>
        {
            if (ended.Outcome == AttemptOutcome.Lost) task.Losses++;
            var state = task.State == TaskState.Canceling ? TaskState.Canceling : TaskState.Queued;
            End(task, ended.Turn, ended.Outcome, state, ended.Reason, Scheduler);
        });

    public static EventActivityBinder<TaskSaga, AttemptEnded> RequeueOrPoison(
        this EventActivityBinder<TaskSaga, AttemptEnded> binder, TaskStateMachine machine) =>
        binder.IfElse(context => context.Saga.Task.Losses >= RetryPolicy.LossLimit,
            poison => poison.Poison().TransitionTo(machine.Dead),
            again => again.Requeue().TransitionTo(machine.Queued));

    public static EventActivityBinder<TaskSaga, T> Requeue<T>(this EventActivityBinder<TaskSaga, T> binder) where T : LifecycleEvent =>
        binder.Step((task, happened) =>
        {
            if (task.RetryAt is not null)
                happened.Turn.Note(task, new TaskTransition { Event = "retry-due", State = TaskState.Queued, By = Scheduler });
            task.RetryAt = null;
            task.QueuedAt = happened.Turn.Now;
        });

    public static EventActivityBinder<TaskSaga, CancelRequested> AskToStop(this EventActivityBinder<TaskSaga, CancelRequested> binder) =>
        binder.Step((task, cancel) =>
        {
            cancel.Turn.TellToStop(task, AttemptOutcome.Canceled);
            cancel.Turn.Note(task, OfAttempt(task, "cancel-requested", TaskState.Canceling, cancel.By) with { Reason = cancel.Reason });
        });

    /// <summary>The worker began before it heard of the cancel.</summary>
    public static EventActivityBinder<TaskSaga, StartReported> StopAgain(this EventActivityBinder<TaskSaga, StartReported> binder) =>
        binder.Step((task, start) => start.Turn.TellToStop(task, AttemptOutcome.Canceled));

    public static EventActivityBinder<TaskSaga, FailureReported> StopFailed(this EventActivityBinder<TaskSaga, FailureReported> binder) =>
        binder.Step((task, failure) => End(task, failure.Turn, AttemptOutcome.Failed, TaskState.Canceling, failure.Report.Error?.Code, failure.By));

    public static EventActivityBinder<TaskSaga, ReleaseReported> StopReleased(this EventActivityBinder<TaskSaga, ReleaseReported> binder) =>
        binder.Step((task, back) => End(task, back.Turn, AttemptOutcome.Canceled, TaskState.Canceling, null, back.By));

    public static EventActivityBinder<TaskSaga, AttemptTimedOut> StopTimedOut(this EventActivityBinder<TaskSaga, AttemptTimedOut> binder) =>
        binder.Step((task, late) => End(task, late.Turn, AttemptOutcome.TimedOut, TaskState.Canceling, null, Scheduler));

    public static EventActivityBinder<TaskSaga, CancelGraceElapsed> StopUnanswered(this EventActivityBinder<TaskSaga, CancelGraceElapsed> binder) =>
        binder.Step((task, late) => End(task, late.Turn, AttemptOutcome.Canceled, TaskState.Canceling, "no-answer", Scheduler));

    public static EventActivityBinder<TaskSaga, T> Cancel<T>(this EventActivityBinder<TaskSaga, T> binder) where T : LifecycleEvent =>
        binder.Step((task, happened) =>
        {
            var cancel = happened as CancelRequested;
            task.RetryAt = null;
            happened.Turn.Note(task, new TaskTransition
            {
                Event = "canceled",
                State = TaskState.Canceled,
                Reason = cancel?.Reason,
                By = cancel?.By ?? Scheduler,
            });
            happened.Turn.Finish(task, result: null, error: null);
        });

    public static EventActivityBinder<TaskSaga, RetryRequested> BeginRound(this EventActivityBinder<TaskSaga, RetryRequested> binder) =>
        binder.Step((task, retry) =>
        {
            task.Round++;
            task.Failures = 0;
            task.Losses = 0;
            task.QueuedAt = retry.Turn.Now;
            retry.Turn.Note(task, new TaskTransition { Event = "retried", State = TaskState.Queued, Reason = retry.Reason, By = retry.By });
        });

    /// <summary>Goes on only with news of the latest attempt; other news is noted and changes nothing.</summary>
    public static EventActivityBinder<TaskSaga, T> IfLatest<T>(
        this EventActivityBinder<TaskSaga, T> binder,
        Func<EventActivityBinder<TaskSaga, T>, EventActivityBinder<TaskSaga, T>> then) where T : AttemptNews =>
        binder.IfElse(context => context.Message.IsOfLatest(context.Saga.Task), then, other => other.NoteSuperseded());

    /// <summary>Goes on if the news is a terminal report of the latest attempt, which we gave up without hearing from it,
    /// while no newer one was offered: its word counts after all.</summary>
    public static EventActivityBinder<TaskSaga, T> IfGivenUp<T>(
        this EventActivityBinder<TaskSaga, T> binder,
        Func<EventActivityBinder<TaskSaga, T>, EventActivityBinder<TaskSaga, T>> then) where T : AttemptNews =>
        binder.IfElse(context => context.Message.IsOfLatest(context.Saga.Task) && WasGivenUp(context.Saga.Task, context.Message),
            then, other => other.NoteSuperseded());

    public static EventActivityBinder<TaskSaga, T> NoteSuperseded<T>(this EventActivityBinder<TaskSaga, T> binder) where T : AttemptNews =>
        binder.Step((task, news) => news.Turn.NoteSuperseded(task, news));

    private static bool WasGivenUp(TaskRecord task, AttemptNews news) =>
        task.Outcome is AttemptOutcome.Lost or AttemptOutcome.Interrupted or AttemptOutcome.Undeliverable
        || (task.Outcome is AttemptOutcome.TimedOut && news is SuccessReported);

    private static EventActivityBinder<TaskSaga, T> Step<T>(
        this EventActivityBinder<TaskSaga, T> binder, Action<TaskRecord, T> step) where T : LifecycleEvent =>
        binder.Then(context => step(context.Saga.Task, context.Message));

    private static EventActivityBinder<TaskSaga, AttemptEnded> Poison(this EventActivityBinder<TaskSaga, AttemptEnded> binder) =>
        binder.Step((task, ended) => GiveUp(task, ended.Turn,
            new TaskError("poison", $"{task.Losses} workers vanished while they had it, the last one {task.Worker}.")));

    private static void Fail(
        TaskRecord task, TurnDraft turn, string outcome, TaskError error, string by, bool retryable, TimeSpan? retryAfter)
    {
        task.Failures++;
        turn.NoteResult(task, failed: true);
        var wait = RetryPolicy.NextAttempt(
            task.Id, task.Attempt, task.Failures, task.MaxAttempts, retryable, retryAfter, turn.RetrySettingsOf(task));
        task.RetryAt = turn.Now + wait;
        End(task, turn, outcome, wait is null ? TaskState.Dead : TaskState.Retrying, error.Code, by, error.Message);
        if (wait is null) GiveUp(task, turn, error);
    }

    private static void GiveUp(TaskRecord task, TurnDraft turn, TaskError error)
    {
        turn.Note(task, new TaskTransition { Event = "dead", State = TaskState.Dead, Reason = error.Code, By = Scheduler });
        turn.Finish(task, result: null, error);
    }

    /// <summary>A terminal report implies that the attempt started, ran as long as it says, and ended now.</summary>
    private static void BackdateStart(TaskRecord task, AttemptNews news)
    {
        if (task.StartedAt is not null || task.OfferedAt is not { } offered) return;

        var ran = TimeSpan.FromMilliseconds(Math.Clamp(news.Report.RanMs ?? 0, 0, (long)Limits.LongestTimeout.TotalMilliseconds));
        var start = news.Turn.Now - ran;
        task.StartedAt = start > offered ? start : offered;
    }

    private static void End(
        TaskRecord task, TurnDraft turn, string outcome, string state, string? reason, string by, string? message = null)
    {
        task.Outcome = outcome;
        turn.EndOffer(task);
        turn.Note(task, OfAttempt(task, "attempt-ended", state, by) with { Outcome = outcome, Reason = reason, Message = message });
    }

    private static TaskTransition OfAttempt(TaskRecord task, string @event, string state, string? by) =>
        new() { Event = @event, State = state, Attempt = task.Attempt, Worker = task.Worker, By = by };
}
