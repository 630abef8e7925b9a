namespace Broker.Storage;

/// <summary>The database as the scheduler sees it. One shard; one leader writes, fenced by the epoch.</summary>
/// <remarks>
/// Implemented by PostgreSQL, SQLite and the simulation. Every call is bounded in time by the implementation.
/// Errors: <see cref="StaleEpochException"/> (another leader took over: discard everything),
/// <see cref="ValueRefusedException"/> (nothing was written; a value is to blame), <see cref="CommitUnknownException"/>
/// (it may or may not have been written), <see cref="StoreUnavailableException"/> (nothing was written; try again later).
/// </remarks>
public interface ISchedulerStore
{
    /// <summary>Takes the leadership if nobody holds it or its lease has run out. Null: somebody else leads.</summary>
    /// <param name="holder">Who asks, for people: host and process.</param>
    /// <param name="lease">How long a leadership stands without a turn; by the database's clock.</param>
    ValueTask<Leadership?> AcquireAsync(string holder, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Everything active, under the epoch. Tasks come in any order.</summary>
    ValueTask<LoadedState> LoadAsync(int epoch, CancellationToken cancellationToken);

    /// <summary>Which of these ids lie in the history. Called before a turn, by the only writer, so the answer stays true.</summary>
    ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Writes everything a turn changed, in one transaction and one round trip, if the epoch still stands.</summary>
    ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken);

    /// <summary>The last committed turn of this epoch, read under lock: settles a <see cref="CommitUnknownException"/>.</summary>
    ValueTask<long> ReadTurnAsync(int epoch, CancellationToken cancellationToken);

    /// <summary>Payloads of offers to be sent again.</summary>
    ValueTask<IReadOnlyDictionary<Guid, byte[]>> LoadPayloadsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Gives the leadership back so that a standby can take it at once. A stale epoch is fine.</summary>
    ValueTask ReleaseAsync(int epoch, CancellationToken cancellationToken);
}
