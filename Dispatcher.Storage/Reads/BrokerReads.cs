using System.Data.Common;
using System.Text;
using Broker.Contracts;
using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

/// <summary>Reads of plain rows through EF; those of tasks are hand-written per database.</summary>
internal abstract class BrokerReads : IBrokerReads
{
    public async ValueTask<TaskView?> GetTaskAsync(Guid id, CancellationToken cancellationToken) =>
        (await GetTasksAsync([id], withPayload: true, cancellationToken)).SingleOrDefault();

    public abstract ValueTask<IReadOnlyList<TaskView>> GetTasksAsync(
        IReadOnlyCollection<Guid> ids, bool withPayload, CancellationToken cancellationToken);

    public abstract ValueTask<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<TaskEventRecord>> ListEventsAsync(Guid id, CancellationToken cancellationToken);

    public abstract ValueTask<IReadOnlyList<HttpOfferView>> ListHttpOffersAsync(
        string worker, int limit, CancellationToken cancellationToken);

    public abstract ValueTask<LeaderView?> GetLeaderAsync(CancellationToken cancellationToken);

    public ValueTask<WorkerRecord?> GetWorkerAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync((context, token) => context.Workers.Where(worker => worker.Id == id)
            .Select(worker => worker.Record).SingleOrDefaultAsync(token), cancellationToken);

    public ValueTask<IReadOnlyList<WorkerRecord>> ListWorkersAsync(WorkerFilter filter, CancellationToken cancellationToken) =>
        ReadAsync(async (context, token) =>
        {
            var workers = context.Workers.AsQueryable();
            if (filter.Pool is { } pool) workers = workers.Where(worker => worker.Pool == pool);
            if (filter.Liveness is { } liveness) workers = workers.Where(worker => worker.Liveness == liveness);
            if (filter.Role is { } role) workers = workers.Where(worker => worker.Role == role);
            if (filter.Admission is { } admission) workers = workers.Where(worker => worker.Admission == admission);
            if (filter.After is { } after) workers = workers.Where(worker => string.Compare(worker.Id, after) > 0);
            return (IReadOnlyList<WorkerRecord>)await workers.OrderBy(worker => worker.Id).Take(filter.Limit)
                .Select(worker => worker.Record).ToListAsync(token);
        }, cancellationToken);

    public ValueTask<IReadOnlyList<FleetEventRecord>> ListWorkerEventsAsync(string worker, CancellationToken cancellationToken) =>
        ReadAsync(async (context, token) => (IReadOnlyList<FleetEventRecord>)await context.FleetEvents.AsNoTracking()
            .Where(entry => entry.Worker == worker).OrderByDescending(entry => entry.Seq).Take(100).ToListAsync(token), cancellationToken);

    public ValueTask<IReadOnlyList<PoolSettings>> ListPoolsAsync(CancellationToken cancellationToken) =>
        ReadAsync(async (context, token) => (IReadOnlyList<PoolSettings>)await context.Pools
            .OrderBy(pool => pool.Name).Select(pool => pool.Settings).ToListAsync(token), cancellationToken);

    public ValueTask<PoolSettings?> GetPoolAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync((context, token) => context.Pools.Where(pool => pool.Name == name)
            .Select(pool => pool.Settings).SingleOrDefaultAsync(token), cancellationToken);

    public ValueTask<byte[]?> GetStatsAsync(CancellationToken cancellationToken) =>
        ReadAsync(async (context, token) => await context.Stats.Where(stats => stats.Shard == 0)
            .Select(stats => stats.Data).SingleOrDefaultAsync(token) is { } data ? Encoding.UTF8.GetBytes(data) : null, cancellationToken);

    protected abstract BrokerContext CreateContext();

    /// <summary>Names failures of the database; lets the caller's own cancellation through.</summary>
    protected abstract ValueTask<T> GuardAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>Reads a source's rows: a task view, then its place in the scan and whether the filter lets it through.</summary>
    protected static async Task<TaskPages.Source> ReadSourceAsync(
        DbDataReader row, RowReader rows, TaskClasses classes, int wanted, CancellationToken cancellationToken)
    {
        var hits = new List<TaskView>();
        while (await row.ReadAsync(cancellationToken))
        {
            var view = rows.View(row, classes);
            if (row.GetBoolean(RowReader.AfterTask + 6)) hits.Add(view);
            if (hits.Count == wanted || row.GetInt64(RowReader.AfterTask + 5) == TaskPages.ScanRows)
                return new TaskPages.Source(hits, TaskPages.KeyOf(view.Task));
        }
        return new TaskPages.Source(hits, null);
    }

    /// <summary>A task view without when it finished, then worker, attempt, token and session of the offer.</summary>
    protected static HttpOfferView ReadOffer(DbDataReader row, RowReader rows, TaskClasses classes)
    {
        var task = rows.Task(row, classes);
        var at = RowReader.AfterTask;
        var offer = new HttpOffer(row.GetString(at), task.Id, row.GetInt32(at + 1),
            new FenceToken(row.GetInt32(at + 2), row.GetInt64(at + 3)), row.GetString(at + 4));
        return new HttpOfferView(offer, task, RowReader.Bytes(row, at + 5));
    }

    private ValueTask<T> ReadAsync<T>(Func<BrokerContext, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        GuardAsync(async token =>
        {
            await using var context = CreateContext();
            return await read(context, token);
        }, cancellationToken);
}
