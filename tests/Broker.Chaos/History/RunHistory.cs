namespace Broker.Chaos;

/// <summary>All that is known of one run.</summary>
internal sealed record RunHistory
{
    /// <summary>Of all nodes, in order of time.</summary>
    public required IReadOnlyList<HistoryLine> Lines { get; init; }

    /// <summary>In order of commits.</summary>
    public required IReadOnlyList<RecordedTaskEvent> TaskEvents { get; init; }

    /// <summary>In order of commits.</summary>
    public required IReadOnlyList<RecordedFleetEvent> FleetEvents { get; init; }

    public required IReadOnlyList<RecordedTask> Tasks { get; init; }
    public required IReadOnlyList<RecordedWorker> Workers { get; init; }
    public required IReadOnlyList<RecordedQueue> Queues { get; init; }

    /// <summary>Lines that a killed process left unfinished.</summary>
    public int TornLines { get; init; }
}
