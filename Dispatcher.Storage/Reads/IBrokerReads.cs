using Broker.Contracts;

namespace Broker.Storage;

/// <summary>The database as readers see it: the API, the command line. Never blocks the leader, writes nothing.</summary>
/// <remarks>Errors: <see cref="StoreUnavailableException"/>. What a reply to a command confirmed is visible here.</remarks>
public interface IBrokerReads
{
    /// <summary>Active or finished; null if not recorded.</summary>
    ValueTask<TaskView?> GetTaskAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Those of the ids that are recorded, in any order; without payloads unless asked for.</summary>
    ValueTask<IReadOnlyList<TaskView>> GetTasksAsync(
        IReadOnlyCollection<Guid> ids, bool withPayload, CancellationToken cancellationToken);

    /// <summary>A page over active and finished tasks, newest first; payloads and results are left out.</summary>
    /// <remarks>A page may be short and still have a next cursor.</remarks>
    ValueTask<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken);

    /// <summary>Everything that happened to the task, oldest first.</summary>
    ValueTask<IReadOnlyList<TaskEventRecord>> ListEventsAsync(Guid id, CancellationToken cancellationToken);

    ValueTask<WorkerRecord?> GetWorkerAsync(string id, CancellationToken cancellationToken);

    /// <summary>By id, from the one after <see cref="WorkerFilter.After"/>.</summary>
    ValueTask<IReadOnlyList<WorkerRecord>> ListWorkersAsync(WorkerFilter filter, CancellationToken cancellationToken);

    /// <summary>What happened to a worker, newest first, at most 100.</summary>
    ValueTask<IReadOnlyList<FleetEventRecord>> ListWorkerEventsAsync(string worker, CancellationToken cancellationToken);

    /// <summary>Live offers to a worker without a queue, oldest first, with what it needs to run them.</summary>
    ValueTask<IReadOnlyList<HttpOfferView>> ListHttpOffersAsync(string worker, int limit, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<PoolSettings>> ListPoolsAsync(CancellationToken cancellationToken);

    ValueTask<PoolSettings?> GetPoolAsync(string name, CancellationToken cancellationToken);

    /// <summary>The leader's last statistics as JSON; null if none were written yet.</summary>
    ValueTask<byte[]?> GetStatsAsync(CancellationToken cancellationToken);

    /// <summary>Who leads and how fresh that is; null if nobody ever led.</summary>
    ValueTask<LeaderView?> GetLeaderAsync(CancellationToken cancellationToken);
}
