using Broker.Contracts;

namespace Broker.Storage;

/// <summary>Everything one turn changed. A task stands in at most one of the four task lists, save that an inserted or
/// revived one may also be finished.</summary>
public sealed class TurnCommit
{
    public required int Epoch { get; init; }

    /// <summary>One more than the turn committed before.</summary>
    public required long Turn { get; init; }

    /// <summary>As they stand after the turn.</summary>
    public required Counters Counters { get; init; }

    /// <summary>First recorded in this turn, with their payloads (null for none).</summary>
    public List<(TaskRecord Task, byte[]? Payload)> Inserted { get; } = [];

    /// <summary>Active before and after.</summary>
    public List<TaskRecord> Updated { get; } = [];

    /// <summary>Back from the history with a new round.</summary>
    public List<TaskRecord> Revived { get; } = [];

    /// <summary>To the history.</summary>
    public List<FinishedTask> Finished { get; } = [];

    public List<TaskEventRecord> TaskEvents { get; } = [];
    public List<FleetEventRecord> FleetEvents { get; } = [];
    public List<WorkerRecord> Workers { get; } = [];
    public List<PoolSettings> Pools { get; } = [];

    public List<HttpOffer> HttpOffersAdded { get; } = [];

    /// <summary>Tasks whose offers to HTTP workers ended.</summary>
    public List<Guid> HttpOffersRemoved { get; } = [];

    public List<QuarantinedMessage> Quarantined { get; } = [];

    /// <summary>Statistics to keep, once a second; null to leave the last.</summary>
    public CounterSnapshot? Totals { get; set; }

    /// <summary>Statistics for readers as JSON, once a second; null to leave the last.</summary>
    public byte[]? Stats { get; set; }

    /// <summary>Offered tasks whose payloads the commit must return, because this turn did not insert them.</summary>
    public List<Guid> PayloadsWanted { get; } = [];

    /// <summary>Whether nothing but the turn number would be written.</summary>
    public bool IsEmpty => Inserted.Count + Updated.Count + Revived.Count + Finished.Count + TaskEvents.Count
        + FleetEvents.Count + Workers.Count + Pools.Count + HttpOffersAdded.Count + HttpOffersRemoved.Count
        + Quarantined.Count == 0 && Stats is null && Totals is null;
}

/// <summary>A committed turn.</summary>
/// <param name="DatabaseNow">The database's clock, UTC.</param>
/// <param name="Payloads">Of the tasks wanted; one without a payload is missing.</param>
public sealed record TurnReceipt(DateTimeOffset DatabaseNow, IReadOnlyDictionary<Guid, byte[]> Payloads);
