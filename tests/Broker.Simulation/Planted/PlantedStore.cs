using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>A store that makes the scheduler behave as if it had one of the planted bugs.</summary>
internal sealed class PlantedStore(ISchedulerStore store, SimulatedDatabase database, PlantedBug planted, IReadOnlySet<string> reserves)
    : ISchedulerStore
{
    public ValueTask<Leadership?> AcquireAsync(string holder, TimeSpan lease, CancellationToken cancellationToken) =>
        store.AcquireAsync(holder, lease, cancellationToken);

    public async ValueTask<LoadedState> LoadAsync(int epoch, CancellationToken cancellationToken)
    {
        var loaded = await store.LoadAsync(epoch, cancellationToken);
        return planted switch
        {
            PlantedBug.LoadNotCounted => loaded with { Tasks = [.. loaded.Tasks.Select(task => task.With(nameof(TaskRecord.Class), task.Class with { Cost = 0 }))] },
            PlantedBug.ReserveTooEarly => loaded with { Workers = [.. loaded.Workers.Select(worker => worker with { Role = WorkerRole.Active })] },
            _ => loaded,
        };
    }

    public ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        store.FindFinishedAsync(ids, cancellationToken);

    public async ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        switch (planted)
        {
            case PlantedBug.SendBeforeCommit:
                _ = store.CommitAsync(commit, cancellationToken).AsTask();
                return Receipt(commit);
            case PlantedBug.ActOnUnknownCommit:
                try
                {
                    return await store.CommitAsync(commit, cancellationToken);
                }
                catch (CommitUnknownException)
                {
                    return Receipt(commit);
                }
            case PlantedBug.WrongOrder:
                return await store.CommitAsync(ReverseArrivals(commit.Copy()), cancellationToken);
            case PlantedBug.ReserveTooEarly:
                return await store.CommitAsync(TellRoles(commit.Copy()), cancellationToken);
            default:
                return await store.CommitAsync(commit, cancellationToken);
        }
    }

    public ValueTask<long> ReadTurnAsync(int epoch, CancellationToken cancellationToken) => store.ReadTurnAsync(epoch, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, byte[]>> LoadPayloadsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        store.LoadPayloadsAsync(ids, cancellationToken);

    public ValueTask ReleaseAsync(int epoch, CancellationToken cancellationToken) => store.ReleaseAsync(epoch, cancellationToken);

    private TurnReceipt Receipt(TurnCommit commit) => new(default, database.Payloads(commit.PayloadsWanted));

    /// <summary>The rows say another order of arrival than memory has.</summary>
    private static TurnCommit ReverseArrivals(TurnCommit commit)
    {
        var places = commit.Inserted.ConvertAll(inserted => inserted.Task.Seq);
        for (var i = 0; i < places.Count; i++)
            commit.Inserted[i] = (commit.Inserted[i].Task.With(nameof(TaskRecord.Seq), places[^(i + 1)]), commit.Inserted[i].Payload);
        return commit;
    }

    /// <summary>The rows say which workers are in reserve; memory took all for active.</summary>
    private TurnCommit TellRoles(TurnCommit commit)
    {
        for (var i = 0; i < commit.Workers.Count; i++)
            if (reserves.Contains(commit.Workers[i].Id))
                commit.Workers[i] = commit.Workers[i] with { Role = WorkerRole.Reserve, Activated = true };
        return commit;
    }
}
