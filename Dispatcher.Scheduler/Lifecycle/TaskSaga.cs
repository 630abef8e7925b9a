using Broker.Contracts;
using Broker.Storage;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>A task as the state machine sees it: a thin cover around the record that lives in memory.</summary>
internal sealed class TaskSaga(TaskRecord task) : SagaStateMachineInstance
{
    private static readonly Dictionary<string, string> StateNames = new()
    {
        [""] = "Initial",
        [TaskState.Queued] = nameof(TaskStateMachine.Queued),
        [TaskState.Offered] = nameof(TaskStateMachine.Offered),
        [TaskState.Running] = nameof(TaskStateMachine.Running),
        [TaskState.Canceling] = nameof(TaskStateMachine.Canceling),
        [TaskState.Retrying] = nameof(TaskStateMachine.Retrying),
        [TaskState.Succeeded] = nameof(TaskStateMachine.Succeeded),
        [TaskState.Dead] = nameof(TaskStateMachine.Dead),
        [TaskState.Canceled] = nameof(TaskStateMachine.Canceled),
    };

    private static readonly Dictionary<string, string> StoredNames = StateNames.ToDictionary(x => x.Value, x => x.Key);

    public TaskRecord Task => task;

    public Guid CorrelationId
    {
        get => task.Id;
        set => throw new NotSupportedException($"Task {task.Id} keeps its id for life.");
    }

    /// <summary>The machine's name of the state; stored in lower case, as text, so that states can be added later.</summary>
    public string CurrentState
    {
        get => StateNames[task.State];
        set => task.State = StoredNames[value];
    }
}
