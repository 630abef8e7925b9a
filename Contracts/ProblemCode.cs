namespace Broker.Contracts;

/// <summary>Stable codes of everything that can be refused: <c>code</c> of problem details and of refused commands.</summary>
public static class ProblemCode
{
    public const string MalformedRequest = "malformed-request";
    public const string ValidationFailed = "validation-failed";
    public const string PayloadTooLarge = "payload-too-large";
    public const string IdempotencyKeyReused = "idempotency-key-reused";
    /// <summary>Recorded on a task when its key came again with another body.</summary>
    public const string IdempotencyConflict = "idempotency-conflict";
    public const string UnknownTask = "unknown-task";
    public const string UnknownWorker = "unknown-worker";
    public const string UnknownPool = "unknown-pool";
    public const string TaskFinished = "task-finished";
    public const string TaskNotDead = "task-not-dead";
    public const string StaleAttempt = "stale-attempt";
    public const string StaleSession = "stale-session";
    public const string Canceled = "canceled";
    public const string WorkerNotReserve = "worker-not-reserve";
    public const string SchedulerUnavailable = "scheduler-unavailable";
    public const string NotConfirmed = "not-confirmed";
    public const string DatabaseUnavailable = "database-unavailable";
    public const string Overloaded = "overloaded";
    public const string NotFound = "not-found";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string UnsupportedMediaType = "unsupported-media-type";
    public const string InternalError = "internal-error";
}
