using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>A task. What is not known yet, or was not asked for, is left out.</summary>
internal sealed record TaskResponse
{
    public required Guid Id { get; init; }
    public string? Type { get; init; }

    /// <summary><c>accepted queued offered running canceling retrying succeeded dead canceled</c>.</summary>
    public required string State { get; init; }

    public int? Priority { get; init; }
    public string? Pool { get; init; }
    public IReadOnlyDictionary<string, string>? Requires { get; init; }
    public int? Cost { get; init; }

    /// <summary>Time one attempt may run, as <c>1h</c>.</summary>
    public string? Timeout { get; init; }

    public int? MaxAttempts { get; init; }
    public RawJson? Payload { get; init; }
    public RawJson? Result { get; init; }
    public TaskError? Error { get; init; }

    /// <summary>How many there were; the list is in the events.</summary>
    public int? Attempts { get; init; }

    public int? Failures { get; init; }
    public int? Losses { get; init; }
    public int? Round { get; init; }

    /// <summary>Of the latest attempt.</summary>
    public string? Worker { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Handed to the scheduler, not recorded yet.</summary>
    public static TaskResponse Of(SubmittedTask task, DateTimeOffset acceptedAt) => new()
    {
        Id = task.Id,
        Type = task.Type,
        State = TaskState.Accepted,
        Priority = task.Priority,
        Pool = task.Pool,
        Requires = task.Requires,
        Cost = task.Cost,
        Timeout = task.Timeout is { } timeout ? Durations.Format(timeout) : null,
        MaxAttempts = task.MaxAttempts,
        Payload = task.Payload.IsEmpty ? null : task.Payload,
        Attempts = 0,
        Failures = 0,
        Losses = 0,
        Round = 1,
        CreatedAt = acceptedAt,
    };

    public static TaskResponse Of(TaskView view)
    {
        var task = view.Task;
        return new()
        {
            Id = task.Id,
            Type = task.Class.Type,
            State = task.State,
            Priority = task.Priority,
            Pool = task.Class.Pool,
            Requires = task.Class.Requires.Count == 0 ? null : new Dictionary<string, string>(task.Class.Requires),
            Cost = task.Class.Cost,
            Timeout = Durations.Format(task.Timeout),
            MaxAttempts = task.MaxAttempts,
            Payload = view.Payload is null ? null : new RawJson(view.Payload),
            Result = view.Result is null ? null : new RawJson(view.Result),
            Error = view.Error,
            Attempts = task.Attempt,
            Failures = task.Failures,
            Losses = task.Losses,
            Round = task.Round,
            Worker = task.Worker,
            CreatedAt = task.CreatedAt,
            QueuedAt = task.QueuedAt,
            StartedAt = task.StartedAt,
            FinishedAt = view.FinishedAt,
            RetryAt = task.RetryAt,
        };
    }

    /// <summary>All we know of an id we issued whose task is not recorded yet.</summary>
    public static TaskResponse NotRecorded(Guid id) =>
        new() { Id = id, State = TaskState.Accepted, CreatedAt = TaskId.TimeOf(id) };
}
