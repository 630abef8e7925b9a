namespace Broker.Contracts;

/// <summary>Names of task states, as they are stored and shown.</summary>
/// <remarks>Text, so that states can be added later without renumbering.</remarks>
public static class TaskState
{
    /// <summary>Answered with 202, not recorded yet. Never stored.</summary>
    public const string Accepted = "accepted";

    /// <summary>In the backlog.</summary>
    public const string Queued = "queued";

    /// <summary>Given to a worker that has not said it started.</summary>
    public const string Offered = "offered";

    /// <summary>A worker said it started.</summary>
    public const string Running = "running";

    /// <summary>Somebody canceled it while a worker had it; the worker is told.</summary>
    public const string Canceling = "canceling";

    /// <summary>An attempt failed; the next one waits for its time.</summary>
    public const string Retrying = "retrying";

    /// <summary>Finished: an attempt succeeded.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Finished: attempts used up, not retryable, or poison. A person may retry it.</summary>
    public const string Dead = "dead";

    /// <summary>Finished: somebody canceled it.</summary>
    public const string Canceled = "canceled";

    /// <summary>Every state a task can be shown in.</summary>
    public static readonly IReadOnlyList<string> All =
        [Accepted, Queued, Offered, Running, Canceling, Retrying, Succeeded, Dead, Canceled];

    /// <summary>Whether the task has ended its round and lies in the history.</summary>
    public static bool IsFinished(string state) => state is Succeeded or Dead or Canceled;
}
