using Broker.Storage;

namespace Broker.Simulation;

/// <summary>One process's connection to the database, with everything that can happen on the way.</summary>
internal sealed class SimulatedStore(
    Simulator simulator, SimulatedProcess process, SimulatedDatabase database, Faults faults) : ISchedulerStore
{
    public ValueTask<Leadership?> AcquireAsync(string holder, TimeSpan lease, CancellationToken cancellationToken) =>
        Call(() =>
        {
            var leadership = database.Acquire(process.Name, lease);
            process.Epoch = leadership?.Epoch ?? process.Epoch;
            return leadership;
        }, StoreFate.Good, cancellationToken);

    public ValueTask<LoadedState> LoadAsync(int epoch, CancellationToken cancellationToken) =>
        Call(() => database.Load(epoch), faults.NextStoreFate(false), cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        faults.Reach(CrashPoint.BeforeDecide, process);
        return Call(() => database.FindFinished(ids), faults.NextStoreFate(false), cancellationToken);
    }

    public ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        faults.Reach(CrashPoint.BeforeCommit, process);
        var copy = faults.Planted == PlantedBug.ShareMemory ? commit : commit.Copy();
        if (faults.Hit(CrashPoint.CommitLost)) throw faults.Kill(process);
        if (faults.Hit(CrashPoint.CommitDone))
        {
            simulator.After(Latency(), () => Quietly(() => database.Commit(copy)));
            throw faults.Kill(process);
        }
        // A planted bug: the epoch is read when the statement begins, and not locked.
        var isFenced = faults.Planted != PlantedBug.EpochReadWithoutLock || commit.Epoch != database.Epoch;
        return Call(() => database.Commit(copy, isFenced), faults.NextStoreFate(true), cancellationToken, isCommit: true);
    }

    public ValueTask<long> ReadTurnAsync(int epoch, CancellationToken cancellationToken) =>
        Call(() => database.ReadTurn(epoch), faults.NextStoreFate(false), cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, byte[]>> LoadPayloadsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        Guid[] wanted = [.. ids];
        return Call<IReadOnlyDictionary<Guid, byte[]>>(() => database.Payloads(wanted), faults.NextStoreFate(false), cancellationToken);
    }

    public async ValueTask ReleaseAsync(int epoch, CancellationToken cancellationToken) =>
        await Call(() =>
        {
            database.Release(epoch);
            return true;
        }, StoreFate.Good, cancellationToken);

    /// <summary>There and back; what left the process happens whether or not it still lives.</summary>
    private ValueTask<T> Call<T>(Func<T> execute, StoreFate fate, CancellationToken cancellationToken, bool isCommit = false)
    {
        process.ThrowIfDead();
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>();
        simulator.After(Latency(), () => Arrive(answer, execute, fate, isCommit));
        return new ValueTask<T>(answer.Task);
    }

    private void Arrive<T>(TaskCompletionSource<T> answer, Func<T> execute, StoreFate fate, bool isCommit)
    {
        if (fate == StoreFate.Unavailable || database.IsDown)
        {
            if (database.IsDown) faults.CountUnavailable();
            Fail(answer, new StoreUnavailableException("The database refuses connections.", new TimeoutException()));
            return;
        }
        if (fate is StoreFate.UnknownLost or StoreFate.UnknownLate)
        {
            if (fate == StoreFate.UnknownLate) simulator.After(simulator.Milliseconds(1, 6_000), () => Quietly(execute));
            Fail(answer, new CommitUnknownException("The connection broke.", new TimeoutException()));
            return;
        }
        try
        {
            var value = execute();
            if (fate == StoreFate.UnknownDone) Fail(answer, new CommitUnknownException("The connection broke.", new TimeoutException()));
            else AnswerUnlessRestarted(answer, value, isCommit);
        }
        catch (Exception exception) when (exception is StaleEpochException or ValueRefusedException)
        {
            Fail(answer, exception);
        }
    }

    private void AnswerUnlessRestarted<T>(TaskCompletionSource<T> answer, T value, bool isCommit)
    {
        var restarts = database.Restarts;
        simulator.After(Latency(), () =>
        {
            if (database.Restarts == restarts) answer.SetResult(value);
            else if (!isCommit) answer.SetException(new StoreUnavailableException("The server ended the connection.", new TimeoutException()));
            else
            {
                faults.CountUnknown();
                answer.SetException(new CommitUnknownException("The server ended the connection.", new TimeoutException()));
            }
        });
    }

    private void Fail<T>(TaskCompletionSource<T> answer, Exception exception) =>
        simulator.After(Latency(), () => answer.SetException(exception));

    /// <summary>Nobody is there to hear what became of it.</summary>
    private static void Quietly<T>(Func<T> execute)
    {
        try
        {
            execute();
        }
        catch (Exception exception) when (exception is StaleEpochException or ValueRefusedException)
        {
            // The server rolls back, as it would for a client that still listens.
        }
    }

    private TimeSpan Latency() => simulator.Chance(0.02) ? simulator.Milliseconds(5, 200) : simulator.Milliseconds(0.1, 2);
}
