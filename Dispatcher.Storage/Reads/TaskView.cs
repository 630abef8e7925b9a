using Broker.Contracts;

namespace Broker.Storage;

/// <summary>A task as readers see it.</summary>
/// <param name="FinishedAt">Null while active.</param>
/// <param name="Payload">JSON text; null if there is none or it was not asked for.</param>
/// <param name="Result">JSON text; null if there is none or it was not asked for.</param>
/// <param name="Error">Of a finished task; an active one's last failure stands in its events.</param>
public sealed record TaskView(TaskRecord Task, DateTimeOffset? FinishedAt, byte[]? Payload, byte[]? Result, TaskError? Error);

/// <summary>Which tasks; a list that is null or empty does not restrict.</summary>
public sealed record TaskFilter
{
    public IReadOnlyList<string>? States { get; init; }
    public IReadOnlyList<string>? Types { get; init; }
    public IReadOnlyList<string>? Pools { get; init; }
    public IReadOnlyList<string>? Workers { get; init; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Where the last page ended; null for the newest.</summary>
    public TaskCursor? Cursor { get; init; }

    /// <summary>1–500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A place in the list of all tasks, newest first: by creation, then id.</summary>
public readonly record struct TaskCursor(DateTimeOffset CreatedAt, Guid Id);

/// <param name="Next">Where to go on; null at the end.</param>
public sealed record TaskPage(IReadOnlyList<TaskView> Items, TaskCursor? Next);

/// <summary>Which workers; null does not restrict.</summary>
public sealed record WorkerFilter
{
    public string? Pool { get; init; }
    public string? Liveness { get; init; }
    public string? Role { get; init; }
    public string? Admission { get; init; }

    /// <summary>The last id of the page before.</summary>
    public string? After { get; init; }

    /// <summary>1–500.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>An offer to an HTTP worker with what it needs to run it.</summary>
public sealed record HttpOfferView(HttpOffer Offer, TaskRecord Task, byte[]? Payload);

/// <param name="Holder">Host and process, for people.</param>
/// <param name="Age">Since its last turn, by the database's clock.</param>
public sealed record LeaderView(int Epoch, string Holder, TimeSpan Age, TimeSpan Lease, bool Released);
