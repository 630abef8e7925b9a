namespace Broker.Storage;

/// <summary>A leadership just taken.</summary>
/// <param name="Epoch">Grows with every leadership of the shard.</param>
/// <param name="Turn">The last committed turn of any epoch.</param>
/// <param name="Counters">Where the last leader stopped counting.</param>
/// <param name="DatabaseNow">The database's clock, UTC: stored moments use it.</param>
public sealed record Leadership(int Epoch, long Turn, Counters Counters, DateTimeOffset DatabaseNow);

/// <summary>The next numbers to give out; they never go back.</summary>
/// <param name="Seq">Of arrival.</param>
/// <param name="Offer">Of offers, in tokens.</param>
/// <param name="Event">Of events.</param>
public readonly record struct Counters(long Seq, long Offer, long Event);

/// <summary>What a new leader loads.</summary>
/// <param name="NewestFinished">The greatest id in the history that carries its time; the empty id if there is none.</param>
public sealed record LoadedState(
    IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<WorkerRecord> Workers, IReadOnlyList<Contracts.PoolSettings> Pools,
    CounterSnapshot Totals, Guid NewestFinished);

/// <summary>A task that ended its round earlier.</summary>
/// <param name="Task">As it ended; complete enough to give it a new round.</param>
public sealed record HistoryEntry(TaskRecord Task, DateTimeOffset FinishedAt);
