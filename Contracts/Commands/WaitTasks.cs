namespace Broker.Contracts;

/// <summary>Tell me as soon as at least one of these has finished. Answered with <see cref="TasksFinished"/>.</summary>
/// <remarks>The only command that may be answered late: after <see cref="Timeout"/> with none.</remarks>
public sealed record WaitTasks
{
    /// <summary>1–1,000.</summary>
    public required IReadOnlyList<Guid> Tasks { get; init; }

    /// <summary>At most 60 s.</summary>
    public required TimeSpan Timeout { get; init; }
}

/// <summary>Those that have finished, committed; empty when the time is over.</summary>
public sealed record TasksFinished
{
    public required IReadOnlyList<Guid> Tasks { get; init; }
}
