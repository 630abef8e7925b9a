using Broker.Contracts;

namespace Broker.Api;

/// <summary>One task to hand in.</summary>
internal record SubmitTaskRequest
{
    /// <summary>Selects the handler; 1–128 characters. Required.</summary>
    public string? Type { get; init; }

    /// <summary>Any JSON up to 256 KiB; handed to the worker untouched.</summary>
    public RawJson? Payload { get; init; }

    /// <summary>0–9, higher first; 4 if left out.</summary>
    public int? Priority { get; init; }

    /// <summary><c>default</c> if left out.</summary>
    public string? Pool { get; init; }

    /// <summary>Labels a worker must have; at most 16.</summary>
    public Dictionary<string, string>? Requires { get; init; }

    /// <summary>Slots it takes, 1–1,000; 1 if left out.</summary>
    public int? Cost { get; init; }

    /// <summary>Time one attempt may run, 1 s–7 d, as <c>30s</c> or ISO 8601; the pool's if left out.</summary>
    public string? Timeout { get; init; }

    /// <summary>Attempts that may fail, 1–100; the pool's if left out.</summary>
    public int? MaxAttempts { get; init; }
}

/// <summary>One task of a batch.</summary>
internal sealed record SubmitBatchItem : SubmitTaskRequest
{
    /// <summary>As the header <c>Idempotency-Key</c>, for this task; at most 255 characters.</summary>
    public string? IdempotencyKey { get; init; }
}
