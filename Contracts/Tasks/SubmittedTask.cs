using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>One task as a producer handed it in, checked by the API.</summary>
public sealed record SubmittedTask
{
    /// <summary>The task's id for life; issued by the API, the same for the same idempotency key.</summary>
    public required Guid Id { get; init; }

    /// <summary>Selects handler and statistics; 1–128 characters.</summary>
    public required string Type { get; init; }

    /// <summary>0–9, higher first.</summary>
    public required int Priority { get; init; }

    /// <summary>The pool whose workers may run it. An unknown one makes the task wait with the reason <c>unknown-pool</c>.</summary>
    public required string Pool { get; init; }

    /// <summary>Labels a worker must have; null for none.</summary>
    public IReadOnlyDictionary<string, string>? Requires { get; init; }

    /// <summary>Slots it takes, 1–1,000.</summary>
    public required int Cost { get; init; }

    /// <summary>Time one attempt may run, from its start; null for the pool's.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Attempts that may fail, 1–100; null for the pool's.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Handed to the worker untouched; at most 256 KiB.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RawJson Payload { get; init; }

    /// <summary>Hash of the request's content for a keyed task, to notice a key used for another task; null without a key.</summary>
    public long? BodyHash { get; init; }
}
