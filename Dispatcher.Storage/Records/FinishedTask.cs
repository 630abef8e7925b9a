using Broker.Contracts;

namespace Broker.Storage;

/// <summary>A task that ended its round in this turn and moves to the history.</summary>
public sealed record FinishedTask
{
    /// <summary>With its final state.</summary>
    public required TaskRecord Task { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>JSON text; null for nothing.</summary>
    public byte[]? Result { get; init; }

    /// <summary>Why it is dead, or the last failure; null otherwise.</summary>
    public TaskError? Error { get; init; }
}
