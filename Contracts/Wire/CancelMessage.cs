namespace Broker.Contracts;

/// <summary>Scheduler to worker: stop these attempts. Sent at least once; unknown attempts are ignored.</summary>
public sealed record CancelMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Cancel;
    public required IReadOnlyList<CanceledAttempt> Attempts { get; init; }
}

/// <summary>An attempt to stop. The worker answers with <c>released</c>, or with its result if that came first.</summary>
public sealed record CanceledAttempt
{
    public required Guid Task { get; init; }
    public required int Attempt { get; init; }

    /// <summary><c>canceled</c>, <c>timed-out</c> or <c>superseded</c>.</summary>
    public required string Reason { get; init; }
}
