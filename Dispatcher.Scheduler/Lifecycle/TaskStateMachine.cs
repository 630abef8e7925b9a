using MassTransit;

namespace Broker.Scheduler;

/// <summary>The life of a task: states × events, every pair answered. <c>docs/lifecycle.md</c> is its table.</summary>
/// <remarks>Events are raised on tasks a turn has in memory, see <see cref="TaskLifecycle"/>. Behaviors change the task and
/// note effects; nothing is sent from here.</remarks>
internal sealed class TaskStateMachine : MassTransitStateMachine<TaskSaga>
{
    public TaskStateMachine()
    {
        InstanceState(saga => saga.CurrentState);

        Initially(
            When(Submitted).Record().TransitionTo(Queued));

        During(Queued,
            When(Placed).Offer().TransitionTo(Offered),
            When(SuccessReported).IfGivenUp(late => late.Succeed().TransitionTo(Succeeded)),
            When(FailureReported).IfGivenUp(late => late.CountFailure().RetryOrGiveUp(this)),
            When(StartReported).NoteSuperseded(),
            When(ReleaseReported).NoteSuperseded(),
            When(CancelRequested).Cancel().TransitionTo(Canceled),
            Ignore(ProgressReported),        // of an attempt that was given up
            Ignore(AttemptEnded),            // no live attempt
            Ignore(AttemptTimedOut),
            Ignore(CancelGraceElapsed),
            Ignore(RetryElapsed));           // a late timer

        During(Offered,
            When(StartReported).IfLatest(start => start.Start().TransitionTo(Running)),
            When(ProgressReported).IfLatest(start => start.Start().Progress().TransitionTo(Running)),
            Ignore(CancelGraceElapsed),
            Ignore(RetryElapsed));

        During(Running,
            When(ProgressReported).IfLatest(running => running.Progress()),
            When(StartReported).IfLatest(again => again),        // told twice
            When(AttemptTimedOut).TimeOut().RetryOrGiveUp(this),
            Ignore(CancelGraceElapsed),
            Ignore(RetryElapsed));

        During(Offered,
            Ignore(AttemptTimedOut));        // its time runs from the start

        During([Offered, Running],
            When(SuccessReported).IfLatest(done => done.Succeed().TransitionTo(Succeeded)),
            When(FailureReported).IfLatest(failed => failed.CountFailure().RetryOrGiveUp(this)),
            When(ReleaseReported).IfLatest(back => back.Release().Requeue().TransitionTo(Queued)),
            When(AttemptEnded).EndAttempt().RequeueOrPoison(this),
            When(CancelRequested).AskToStop().TransitionTo(Canceling),
            Ignore(Placed));                 // a worker has it

        During(Canceling,
            When(StartReported).IfLatest(start => start.Start().StopAgain()),
            When(SuccessReported).IfLatest(done => done.Succeed().TransitionTo(Succeeded)),
            When(FailureReported).IfLatest(failed => failed.StopFailed().Cancel().TransitionTo(Canceled)),
            When(ReleaseReported).IfLatest(back => back.StopReleased().Cancel().TransitionTo(Canceled)),
            When(AttemptEnded).EndAttempt().Cancel().TransitionTo(Canceled),
            When(AttemptTimedOut).StopTimedOut().Cancel().TransitionTo(Canceled),
            When(CancelGraceElapsed).StopUnanswered().Cancel().TransitionTo(Canceled),
            Ignore(ProgressReported),
            Ignore(CancelRequested),         // asked twice
            Ignore(RetryElapsed),
            Ignore(Placed));

        During(Retrying,
            When(RetryElapsed).Requeue().TransitionTo(Queued),
            When(SuccessReported).IfGivenUp(late => late.Succeed().TransitionTo(Succeeded)),
            When(FailureReported).NoteSuperseded(),
            When(StartReported).NoteSuperseded(),
            When(ReleaseReported).NoteSuperseded(),
            When(CancelRequested).Cancel().TransitionTo(Canceled),
            Ignore(ProgressReported),
            Ignore(AttemptEnded),
            Ignore(AttemptTimedOut),
            Ignore(CancelGraceElapsed),
            Ignore(Placed));

        During(Dead,
            When(RetryRequested).BeginRound().TransitionTo(Queued));

        During([Queued, Offered, Running, Canceling, Retrying, Succeeded, Canceled],
            Ignore(RetryRequested));         // only a dead task is given a new round

        // Finished: the round is over, whatever a worker still says.
        During([Succeeded, Dead, Canceled],
            When(SuccessReported).NoteSuperseded(),
            When(FailureReported).NoteSuperseded(),
            When(ReleaseReported).NoteSuperseded(),
            When(StartReported).NoteSuperseded(),
            Ignore(ProgressReported),
            Ignore(AttemptEnded),
            Ignore(AttemptTimedOut),
            Ignore(CancelRequested),
            Ignore(CancelGraceElapsed),
            Ignore(RetryElapsed),
            Ignore(Placed));

        During([Queued, Offered, Running, Canceling, Retrying, Succeeded, Dead, Canceled],
            Ignore(Submitted));              // a redelivery never runs a task again
    }

    public State Queued { get; } = null!;
    public State Offered { get; } = null!;
    public State Running { get; } = null!;
    public State Canceling { get; } = null!;
    public State Retrying { get; } = null!;
    public State Succeeded { get; } = null!;
    public State Dead { get; } = null!;
    public State Canceled { get; } = null!;

    public Event<Submitted> Submitted { get; } = null!;
    public Event<Placed> Placed { get; } = null!;
    public Event<StartReported> StartReported { get; } = null!;
    public Event<ProgressReported> ProgressReported { get; } = null!;
    public Event<SuccessReported> SuccessReported { get; } = null!;
    public Event<FailureReported> FailureReported { get; } = null!;
    public Event<ReleaseReported> ReleaseReported { get; } = null!;
    public Event<AttemptEnded> AttemptEnded { get; } = null!;
    public Event<AttemptTimedOut> AttemptTimedOut { get; } = null!;
    public Event<CancelRequested> CancelRequested { get; } = null!;
    public Event<CancelGraceElapsed> CancelGraceElapsed { get; } = null!;
    public Event<RetryElapsed> RetryElapsed { get; } = null!;
    public Event<RetryRequested> RetryRequested { get; } = null!;
}
