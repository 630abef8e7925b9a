using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>Worker to scheduler: news of attempts, all of one kind. May come twice, late and out of order.</summary>
public sealed record ReportMessage
{
    public int V { get; init; } = 1;

    /// <summary><c>started</c>, <c>progress</c>, <c>succeeded</c>, <c>failed</c> or <c>released</c>.</summary>
    public required string Kind { get; init; }

    public required string Worker { get; init; }
    public required string Session { get; init; }

    /// <summary>1–1,000.</summary>
    public required IReadOnlyList<Report> Reports { get; init; }
}

/// <summary>News of one attempt. A terminal one implies that it started.</summary>
public sealed record Report
{
    public required Guid Task { get; init; }
    public required int Attempt { get; init; }
    public required string Token { get; init; }

    /// <summary>How long it ran by the worker's own clock, in milliseconds; null if not told.</summary>
    public long? RanMs { get; init; }

    /// <summary>With <c>succeeded</c>: at most 256 KiB of JSON, or nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RawJson Result { get; init; }

    /// <summary>With <c>failed</c> and <c>released</c>: what happened.</summary>
    public TaskError? Error { get; init; }

    /// <summary>With <c>failed</c>: false to give up at once. Null means true.</summary>
    public bool? Retryable { get; init; }

    /// <summary>With <c>failed</c>: earliest time of the next attempt, as <c>10s</c>; null for the back-off.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>With <c>progress</c>: 0–100, or null.</summary>
    public double? Percent { get; init; }

    /// <summary>With <c>progress</c>: a line for people, or null.</summary>
    public string? Message { get; init; }
}

/// <summary>What went wrong, for programs (<see cref="Code"/>) and for people (<see cref="Message"/>).</summary>
/// <param name="Code">Kebab-case, at most 128 characters.</param>
/// <param name="Message">At most 16 KiB; longer ones are cut.</param>
public sealed record TaskError(string Code, string Message);
