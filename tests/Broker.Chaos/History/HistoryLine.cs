namespace Broker.Chaos;

/// <summary>One thing a client, a bot or the nemesis did or saw, as a line of its own file.</summary>
/// <remarks>A client's submit and get name one task each; a bot writes <c>begin</c> before it executes and <c>end</c> before
/// it reports. A bot that died in between leaves a begin without an end, and perhaps half a line.</remarks>
internal sealed record HistoryLine
{
    public const string NotRetryable = "not-retryable";

    /// <summary>CLOCK_MONOTONIC of the machine in nanoseconds, comparable over processes.</summary>
    public long T { get; init; }

    /// <summary>Who wrote it: the name of the file.</summary>
    public string Node { get; init; } = "";

    /// <summary>One of <see cref="HistoryOp"/>.</summary>
    public required string Op { get; init; }

    /// <summary>One of <see cref="HistoryPhase"/>.</summary>
    public required string Phase { get; init; }

    public Guid? Task { get; init; }

    /// <summary>The idempotency key of a submit; null for none.</summary>
    public string? Key { get; init; }

    public int? Attempt { get; init; }

    /// <summary>Of the offer a bot executes, as it came: <c>epoch-number</c>.</summary>
    public string? Token { get; init; }

    public string? Worker { get; init; }
    public string? Session { get; init; }

    /// <summary>Of a bot's registration.</summary>
    public int? Slots { get; init; }

    /// <summary>Of a bot's registration: <c>active</c> or <c>reserve</c>.</summary>
    public string? Role { get; init; }

    /// <summary>JSON text: what an execution made, unique to it, or what the API showed.</summary>
    public string? Result { get; init; }

    /// <summary>Of a get: the state the API showed.</summary>
    public string? State { get; init; }

    /// <summary>Of the nemesis: what it does, <c>worker-kill</c>.</summary>
    public string? Fault { get; init; }

    /// <summary>For people; but <see cref="NotRetryable"/> in an end that failed says it was reported so.</summary>
    public string? Detail { get; init; }
}
