using System.Diagnostics;
using Broker.Storage;
using MassTransit;
using MassTransit.Context;

namespace Broker.Scheduler;

/// <summary>Raises events on tasks in memory and keeps every index in line with what became of them.</summary>
/// <remarks>The state machine runs directly on the instance, without a saga pipeline: no locks, no I/O, about a microsecond.</remarks>
internal static class TaskLifecycle
{
    public static readonly TaskStateMachine Machine = new();

    public static void Raise<T>(TurnDraft turn, TaskRecord task, Event<T> @event, T message) where T : LifecycleEvent
    {
        var before = task.State;
        Run(task, @event, message);
        turn.State.Reindex(task, before);
        if (task.State != before) AddDeadline(turn, task);
    }

    private static void Run<T>(TaskRecord task, Event<T> @event, T message) where T : class
    {
        var consumeContext = new MessageConsumeContext<T>(DetachedConsumeContext.Instance, message);
        var sagaContext = new DefaultSagaConsumeContext<TaskSaga, T>(consumeContext, new TaskSaga(task));
        var raised = ((StateMachine<TaskSaga>)Machine).RaiseEvent(
            new MassTransitStateMachine<TaskSaga>.BehaviorContextProxy<T>(Machine, sagaContext, consumeContext, @event));
        if (!raised.IsCompleted) throw new UnreachableException($"{@event.Name} on task {task.Id} did not complete at once.");

        raised.GetAwaiter().GetResult();
    }

    /// <summary>Sets the moment by which something must happen to a task in its state.</summary>
    public static void AddDeadline(TurnDraft turn, TaskRecord task)
    {
        var deadlines = turn.State.Deadlines;
        switch (task.State)
        {
            case Contracts.TaskState.Offered:
                deadlines.Add(turn.Now + turn.State.Leases.Offer, new Deadline.OfferLease(task.Id, task.Attempt));
                break;
            case Contracts.TaskState.Running:
                deadlines.Add(TimedFrom(turn, task) + task.Timeout, new Deadline.Timeout(task.Id, task.Attempt));
                break;
            case Contracts.TaskState.Canceling:
                deadlines.Add(turn.Now + turn.State.Leases.CancelGrace, new Deadline.CancelGrace(task.Id, task.Attempt));
                break;
            case Contracts.TaskState.Retrying:
                deadlines.Add(task.RetryAt!.Value, new Deadline.Retry(task.Id, task.Attempt));
                break;
        }
    }

    /// <summary>From when a running attempt's time counts. One that an earlier leader saw start has its whole time again: whether we
    /// were long away or the database's clock jumped can't be told apart, and the worker watches the time too.</summary>
    private static DateTimeOffset TimedFrom(TurnDraft turn, TaskRecord task) =>
        task.StartedAt is { } started && started >= turn.State.TookOverAt && started <= turn.Now ? started : turn.State.TookOverAt;
}
