namespace Broker.Contracts;

/// <summary>Stop a task. Answered with <see cref="TaskChanged"/> or <see cref="CommandRefused"/>.</summary>
/// <remarks>Sent by Dispatcher.Api as a request; idempotent.</remarks>
public sealed record CancelTask
{
    public required Guid Task { get; init; }

    /// <summary>Who asked, for the record; null if unknown.</summary>
    public string? By { get; init; }

    /// <summary>Why, for the record; null if no reason was given.</summary>
    public string? Reason { get; init; }
}

/// <summary>Give a dead task a new round. Answered with <see cref="TaskChanged"/> or <see cref="CommandRefused"/>.</summary>
public sealed record RetryTask
{
    public required Guid Task { get; init; }
    public string? By { get; init; }
    public string? Reason { get; init; }
}

/// <summary>The state a task has after a command, committed.</summary>
public sealed record TaskChanged
{
    public required Guid Task { get; init; }
    public required string State { get; init; }
}

/// <summary>The scheduler won't do it. Nothing changed.</summary>
public sealed record CommandRefused
{
    /// <summary>One of <see cref="ProblemCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people that names the thing and the next step.</summary>
    public required string Detail { get; init; }
}
