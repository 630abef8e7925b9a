using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>The shard's statistics as the leader counted them, at most a second old while one leads.</summary>
public sealed record StatsSnapshot
{
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Active tasks by state, and finished ones since the shard was made.</summary>
    public required IReadOnlyDictionary<string, long> Tasks { get; init; }

    /// <summary>Active tasks by pool, then state.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Pools { get; init; }

    /// <summary>Active tasks by type, then state; the 200 largest types.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Types { get; init; }

    /// <summary>Queued tasks by priority, 0 to 9.</summary>
    public required IReadOnlyList<long> Backlog { get; init; }

    /// <summary>Tasks submitted and finished a second, averaged over about ten seconds.</summary>
    public required StatsRates Rates { get; init; }

    /// <summary>From being queued to the start, over the last minutes; null if nothing started.</summary>
    public StatsPercentiles? WaitMs { get; init; }

    /// <summary>From the start to the end, over the last minutes; null if nothing ended.</summary>
    public StatsPercentiles? RunMs { get; init; }

    /// <summary>Workers by status: liveness, then <c>reserve</c>, <c>activated</c>, and every admission but open.</summary>
    public required IReadOnlyDictionary<string, int> Workers { get; init; }

    /// <summary>Slots of usable workers.</summary>
    public required StatsSlots Slots { get; init; }

    /// <summary>The task that has waited longest; null if none waits.</summary>
    public StatsOldest? OldestWaiting { get; init; }

    public required StatsScheduler Scheduler { get; init; }
}

public sealed record StatsRates(double SubmittedPerSecond, double FinishedPerSecond);

public sealed record StatsPercentiles(double P50, double P95, double P99);

public sealed record StatsSlots(int Total, int Used, int Free);

public sealed record StatsOldest(Guid Task, DateTimeOffset QueuedAt);

/// <param name="Turns">Committed since the shard was made.</param>
/// <param name="Attempts">Started since the shard was made.</param>
public sealed record StatsScheduler(int Epoch, long Turns, long Attempts);

/// <summary>JSON of what the leader stores for readers.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatsSnapshot))]
public sealed partial class StatsJson : JsonSerializerContext;
