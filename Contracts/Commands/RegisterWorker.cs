namespace Broker.Contracts;

/// <summary>A worker process starts a session. Answered with <see cref="WorkerRegistered"/> or <see cref="CommandRefused"/>.</summary>
/// <remarks>Ends the attempts of an earlier session of the same id at once, as <c>interrupted</c>.</remarks>
public sealed record RegisterWorker
{
    /// <summary>The worker's id; made by the API if the worker named none.</summary>
    public required string Worker { get; init; }

    /// <summary>The new session; 128 random bits made by the API, so that a redelivered command starts no second one.</summary>
    public required string Session { get; init; }

    public required string Pool { get; init; }

    /// <summary>1–1,000.</summary>
    public required int Slots { get; init; }

    /// <summary>Types it handles; null for everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>One of <see cref="WorkerRole"/>.</summary>
    public required string Role { get; init; }

    /// <summary>One of <see cref="WorkerTransport"/>.</summary>
    public required string Transport { get; init; }

    /// <summary>Offers it takes in one message, 1–1,000.</summary>
    public required int MaxBatch { get; init; }

    /// <summary>The worker program's version, shown to people; null if not told.</summary>
    public string? Version { get; init; }
}

/// <summary>The session has begun and, for AMQP, its queue stands.</summary>
public sealed record WorkerRegistered
{
    public required string Worker { get; init; }
    public required string Session { get; init; }

    /// <summary>The queue to consume; null for HTTP workers.</summary>
    public string? Queue { get; init; }

    /// <summary>Where reports and inventories go; null for HTTP workers.</summary>
    public string? ReportsQueue { get; init; }

    /// <summary>Where beats go; null for HTTP workers.</summary>
    public string? BeatsQueue { get; init; }

    /// <summary>Time between beats.</summary>
    public required TimeSpan BeatInterval { get; init; }

    /// <summary>Time over which a fleet that was cut off at once comes back; a worker waits a random part of it first.</summary>
    public TimeSpan ReconnectSpread { get; init; }
}
