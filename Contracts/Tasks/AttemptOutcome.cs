namespace Broker.Contracts;

/// <summary>How an attempt ended; a closed list. Only <see cref="Failed"/> and <see cref="TimedOut"/> count as failures.</summary>
public static class AttemptOutcome
{
    public const string Succeeded = "succeeded";

    /// <summary>The handler failed; counts against <c>maxAttempts</c>.</summary>
    public const string Failed = "failed";

    /// <summary>It ran longer than its timeout; counts against <c>maxAttempts</c>.</summary>
    public const string TimedOut = "timed-out";

    /// <summary>Its worker vanished while the leader was up; three make the task poison.</summary>
    public const string Lost = "lost";

    /// <summary>The worker gave it back, at no cost.</summary>
    public const string Released = "released";

    /// <summary>Its process was restarted or stopped, at no cost.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The offer never reached or never started on the worker, at no cost.</summary>
    public const string Undeliverable = "undeliverable";

    public const string Canceled = "canceled";
}
