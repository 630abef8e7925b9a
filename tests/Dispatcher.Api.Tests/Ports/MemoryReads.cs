using System.Collections.Concurrent;
using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api.Tests;

/// <summary>The database as a few dictionaries.</summary>
internal sealed class MemoryReads : IBrokerReads
{
    public ConcurrentDictionary<Guid, TaskView> Tasks { get; } = new();
    public ConcurrentDictionary<Guid, IReadOnlyList<TaskEventRecord>> Events { get; } = new();
    public ConcurrentDictionary<string, WorkerRecord> Workers { get; } = new();
    public ConcurrentDictionary<string, PoolSettings> Pools { get; } =
        new() { ["default"] = new PoolSettings { Name = "default" } };

    public List<HttpOfferView> Offers { get; } = [];
    public byte[]? Stats { get; set; }
    public LeaderView? Leader { get; set; } = new(1, "host:1", TimeSpan.Zero, TimeSpan.FromSeconds(5), Released: false);

    /// <summary>Whether it can't be reached.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether it never answers.</summary>
    public bool IsHanging { get; set; }

    public TaskFilter? LastFilter { get; private set; }

    public ValueTask<TaskView?> GetTaskAsync(Guid id, CancellationToken cancellationToken) =>
        Read(() => Tasks.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<TaskView>> GetTasksAsync(
        IReadOnlyCollection<Guid> ids, bool withPayload, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<TaskView>>(() => [.. ids.Select(Tasks.GetValueOrDefault).OfType<TaskView>()]);

    public ValueTask<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) => Read(() =>
    {
        LastFilter = filter;
        var after = filter.Cursor;
        var page = Tasks.Values
            .Where(view => filter.States is not { Count: > 0 } || filter.States.Contains(view.Task.State))
            .Where(view => after is not { } cursor || (view.Task.CreatedAt, view.Task.Id).CompareTo((cursor.CreatedAt, cursor.Id)) < 0)
            .OrderByDescending(view => (view.Task.CreatedAt, view.Task.Id))
            .Take(filter.Limit).ToList();
        var last = page.LastOrDefault()?.Task;
        return new TaskPage(page, page.Count == filter.Limit ? new TaskCursor(last!.CreatedAt, last.Id) : null);
    });

    public ValueTask<IReadOnlyList<TaskEventRecord>> ListEventsAsync(Guid id, CancellationToken cancellationToken) =>
        Read(() => Events.GetValueOrDefault(id, []));

    public ValueTask<WorkerRecord?> GetWorkerAsync(string id, CancellationToken cancellationToken) =>
        Read(() => Workers.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<WorkerRecord>> ListWorkersAsync(WorkerFilter filter, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<WorkerRecord>>(() => [.. Workers.Values
            .Where(worker => string.CompareOrdinal(worker.Id, filter.After) > 0)
            .OrderBy(worker => worker.Id, StringComparer.Ordinal).Take(filter.Limit)]);

    public ValueTask<IReadOnlyList<FleetEventRecord>> ListWorkerEventsAsync(string worker, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<FleetEventRecord>>(() => []);

    public ValueTask<IReadOnlyList<HttpOfferView>> ListHttpOffersAsync(
        string worker, int limit, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<HttpOfferView>>(() => [.. Offers.Where(offer => offer.Offer.Worker == worker).Take(limit)]);

    public ValueTask<IReadOnlyList<PoolSettings>> ListPoolsAsync(CancellationToken cancellationToken) =>
        Read<IReadOnlyList<PoolSettings>>(() => [.. Pools.Values]);

    public ValueTask<PoolSettings?> GetPoolAsync(string name, CancellationToken cancellationToken) =>
        IsHanging ? HangAsync<PoolSettings?>(cancellationToken) : Read(() => Pools.GetValueOrDefault(name));

    public ValueTask<byte[]?> GetStatsAsync(CancellationToken cancellationToken) => Read(() => Stats);

    public ValueTask<LeaderView?> GetLeaderAsync(CancellationToken cancellationToken) => Read(() => Leader);

    private static async ValueTask<T> HangAsync<T>(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new System.Diagnostics.UnreachableException();
    }

    private ValueTask<T> Read<T>(Func<T> read) => IsDown
        ? ValueTask.FromException<T>(new StoreUnavailableException("The database is away.", new IOException()))
        : ValueTask.FromResult(read());
}
