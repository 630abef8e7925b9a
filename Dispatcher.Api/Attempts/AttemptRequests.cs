using Broker.Contracts;

namespace Broker.Api;

/// <summary>What every report of a worker carries.</summary>
internal abstract record AttemptRequest
{
    /// <summary>The token of the offer. Required.</summary>
    public string? Token { get; init; }
}

internal sealed record StartAttemptRequest : AttemptRequest;

internal sealed record ProgressAttemptRequest : AttemptRequest
{
    /// <summary>0–100.</summary>
    public double? Percent { get; init; }

    /// <summary>A line for people; at most 1,024 characters.</summary>
    public string? Message { get; init; }
}

internal sealed record SucceedAttemptRequest : AttemptRequest
{
    /// <summary>Any JSON up to 256 KiB. A larger one fails the attempt as <c>result-too-large</c>.</summary>
    public RawJson? Result { get; init; }

    /// <summary>How long it ran, in milliseconds.</summary>
    public long? RanMs { get; init; }
}

internal sealed record FailAttemptRequest : AttemptRequest
{
    /// <summary>What happened. Required; a message beyond 16 KiB is cut.</summary>
    public TaskError? Error { get; init; }

    /// <summary>False to give the task up at once; true if left out.</summary>
    public bool? Retryable { get; init; }

    /// <summary>Earliest time of the next attempt, as <c>10s</c>; the back-off's if left out.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>How long it ran, in milliseconds.</summary>
    public long? RanMs { get; init; }
}

internal sealed record ReleaseAttemptRequest : AttemptRequest
{
    /// <summary>Why the worker gives it back; at most 1,024 characters.</summary>
    public string? Reason { get; init; }
}

/// <param name="State">The task's state after the report.</param>
internal sealed record AttemptResponse(string State);
