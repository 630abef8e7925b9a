namespace Broker.Contracts;

/// <summary>An operator's word about a worker. Answered with <see cref="WorkerChanged"/> or <see cref="CommandRefused"/>; idempotent.</summary>
public sealed record ChangeWorker
{
    public required string Worker { get; init; }

    /// <summary>One of <see cref="WorkerAction"/>.</summary>
    public required string Action { get; init; }

    public string? By { get; init; }

    /// <summary>Recorded and shown; null if none was given.</summary>
    public string? Reason { get; init; }

    /// <summary>For drain: after this time running attempts are released at no cost; null to let them finish.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>What an operator can do with a worker.</summary>
public static class WorkerAction
{
    public const string Cordon = "cordon";
    public const string Uncordon = "uncordon";
    public const string Drain = "drain";

    /// <summary>Use a reserve worker until deactivated.</summary>
    public const string Activate = "activate";
    public const string Deactivate = "deactivate";
}

/// <summary>Done and committed.</summary>
public sealed record WorkerChanged
{
    public required string Worker { get; init; }
}
