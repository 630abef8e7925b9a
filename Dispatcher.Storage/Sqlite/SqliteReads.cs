using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Broker.Storage;

/// <summary>Reads from the data folder, each on a connection of its own; WAL keeps them and the writer apart.</summary>
internal sealed class SqliteReads(SqliteFolder folder) : BrokerReads
{
    private static readonly string TaskById = EmbeddedSql.Read("Sqlite/reads/task_by_id.sql");
    private static readonly string HttpOffers = EmbeddedSql.Read("Sqlite/reads/http_offers.sql");

    private readonly DbContextOptions<SqliteContext> _options = new DbContextOptionsBuilder<SqliteContext>()
        .UseSqlite(folder.ConnectionString).UseSnakeCaseNamingConvention().Options;

    public override ValueTask<IReadOnlyList<TaskView>> GetTasksAsync(
        IReadOnlyCollection<Guid> ids, bool withPayload, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<TaskView>>(sql =>
        {
            var classes = new TaskClasses();
            var views = new List<TaskView>();
            foreach (var id in ids.Distinct())
            {
                using var row = sql.Query(TaskById, id, withPayload);
                if (row.Read()) views.Add(SqliteRows.Instance.View(row, classes));
            }
            return Task.FromResult<IReadOnlyList<TaskView>>(views);
        }, cancellationToken);

    public override ValueTask<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) =>
        QueryAsync(async sql =>
        {
            var classes = new TaskClasses();
            var sources = new List<TaskPages.Source>();
            foreach (var (text, values) in SqliteTaskList.Statements(filter))
            {
                using var row = sql.Query(text, values);
                sources.Add(await ReadSourceAsync(row, SqliteRows.Instance, classes, filter.Limit + 1, cancellationToken));
            }
            return TaskPages.Merge(sources, filter.Limit);
        }, cancellationToken);

    public override ValueTask<IReadOnlyList<TaskEventRecord>> ListEventsAsync(Guid id, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<TaskEventRecord>>(sql =>
        {
            var events = new List<TaskEventRecord>();
            using var row = sql.Query("SELECT seq, at, transitions FROM task_events WHERE task_id = ?1 ORDER BY seq", id);
            while (row.Read()) events.Add(SqliteRows.Instance.Event(row, id));
            return Task.FromResult<IReadOnlyList<TaskEventRecord>>(events);
        }, cancellationToken);

    public override ValueTask<IReadOnlyList<HttpOfferView>> ListHttpOffersAsync(
        string worker, int limit, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<HttpOfferView>>(sql =>
        {
            var classes = new TaskClasses();
            var offers = new List<HttpOfferView>();
            using var row = sql.Query(HttpOffers, worker, limit);
            while (row.Read()) offers.Add(ReadOffer(row, SqliteRows.Instance, classes));
            return Task.FromResult<IReadOnlyList<HttpOfferView>>(offers);
        }, cancellationToken);

    public override ValueTask<LeaderView?> GetLeaderAsync(CancellationToken cancellationToken) =>
        QueryAsync(sql =>
        {
            using var row = sql.Query("SELECT epoch, holder, renewed_at, lease, released FROM leadership WHERE epoch > 0");
            return Task.FromResult(!row.Read() ? null : new LeaderView(row.GetInt32(0), row.GetString(1),
                folder.Clock.GetUtcNow() - SqliteRows.Instance.Moment(row, 2), SqliteRows.Instance.Length(row, 3), row.GetBoolean(4)));
        }, cancellationToken);

    protected override BrokerContext CreateContext() => new SqliteContext(_options);

    protected override async ValueTask<T> GuardAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await read(cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw folder.Failures.OfCall(exception);
        }
    }

    /// <summary>Runs statements in one snapshot.</summary>
    private ValueTask<T> QueryAsync<T>(Func<SqliteStatements, Task<T>> read, CancellationToken cancellationToken) =>
        GuardAsync(async _ =>
        {
            using var connection = folder.Open();
            using var sql = new SqliteStatements(connection);
            sql.Execute("BEGIN");
            var answer = await read(sql);
            sql.Execute("COMMIT");
            return answer;
        }, cancellationToken);
}
