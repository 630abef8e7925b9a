namespace Broker.Contracts;

/// <summary>Producers handed in tasks; no worker has been chosen yet.</summary>
/// <remarks>Published by Dispatcher.Api, at least once, before it answers 202. Consumed by Dispatcher.Scheduler,
/// which records each id once and never rejects one.</remarks>
public sealed record TaskSubmitted
{
    /// <summary>Version of this message; 1.</summary>
    public int V { get; init; } = 1;

    /// <summary>Whose tasks they are; <c>default</c> for now.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>When the API took them in, UTC; a redelivery keeps it.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>One or more, gathered from concurrent requests; at most 1 MiB together, or one task.</summary>
    public required IReadOnlyList<SubmittedTask> Tasks { get; init; }
}
