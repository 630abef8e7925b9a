using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>Reads from PostgreSQL. Snapshots: they never wait for the leader, nor it for them.</summary>
internal sealed class PostgresReads : BrokerReads, IAsyncDisposable
{
    private static readonly string TasksById = EmbeddedSql.Read("Postgres/reads/tasks_by_id.sql");
    private static readonly string EventsByTask = EmbeddedSql.Read("Postgres/reads/events_by_task.sql");
    private static readonly string HttpOffers = EmbeddedSql.Read("Postgres/reads/http_offers.sql");
    private static readonly string LeaderNow = EmbeddedSql.Read("Postgres/reads/leader.sql");

    private readonly NpgsqlDataSource _source;
    private readonly DbContextOptions<PostgresContext> _options;

    public PostgresReads(string connectionString)
    {
        _source = PostgresSources.Reader(connectionString);
        _options = new DbContextOptionsBuilder<PostgresContext>().UseNpgsql(_source).UseSnakeCaseNamingConvention().Options;
    }

    public override ValueTask<IReadOnlyList<TaskView>> GetTasksAsync(
        IReadOnlyCollection<Guid> ids, bool withPayload, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<TaskView>>(batch => batch.Statement(TasksById).Ids(ids)
            .With(HistoryProbe.DaysOf(ids), NpgsqlDbType.Array | NpgsqlDbType.Date).With(withPayload, NpgsqlDbType.Boolean), async (row, token) =>
        {
            var classes = new TaskClasses();
            var views = new List<TaskView>();
            while (await row.ReadAsync(token)) views.Add(PostgresRows.Instance.View(row, classes));
            return views;
        }, cancellationToken);

    public override ValueTask<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken) =>
        QueryAsync(batch => PostgresTaskList.Add(batch, filter), async (row, token) =>
        {
            var classes = new TaskClasses();
            var sources = new List<TaskPages.Source>();
            do sources.Add(await ReadSourceAsync(row, PostgresRows.Instance, classes, filter.Limit + 1, token));
            while (await row.NextResultAsync(token));
            return TaskPages.Merge(sources, filter.Limit);
        }, cancellationToken);

    public override ValueTask<IReadOnlyList<TaskEventRecord>> ListEventsAsync(Guid id, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<TaskEventRecord>>(batch => batch.Statement(EventsByTask).With(id, NpgsqlDbType.Uuid)
            .With(TaskDay.Of(id) ?? new DateOnly(1970, 1, 2), NpgsqlDbType.Date), async (row, token) =>
        {
            var events = new List<TaskEventRecord>();
            while (await row.ReadAsync(token)) events.Add(PostgresRows.Instance.Event(row, id));
            return events;
        }, cancellationToken);

    public override ValueTask<IReadOnlyList<HttpOfferView>> ListHttpOffersAsync(
        string worker, int limit, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyList<HttpOfferView>>(batch => batch.Statement(HttpOffers).With(worker, NpgsqlDbType.Text)
            .With(limit, NpgsqlDbType.Integer), async (row, token) =>
        {
            var classes = new TaskClasses();
            var offers = new List<HttpOfferView>();
            while (await row.ReadAsync(token)) offers.Add(ReadOffer(row, PostgresRows.Instance, classes));
            return offers;
        }, cancellationToken);

    public override ValueTask<LeaderView?> GetLeaderAsync(CancellationToken cancellationToken) =>
        QueryAsync(batch => batch.Statement(LeaderNow), async (row, token) => !await row.ReadAsync(token) ? null
            : new LeaderView(row.GetInt32(0), row.GetString(1), row.GetFieldValue<TimeSpan>(2), row.GetFieldValue<TimeSpan>(3),
                row.GetBoolean(4)), cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    protected override BrokerContext CreateContext() => new PostgresContext(_options);

    protected override async ValueTask<T> GuardAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(28));
        try
        {
            return await read(limit.Token);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is NpgsqlException inner)
        {
            // EF wraps what it takes for transient.
            throw PostgresFailures.Unavailable(inner);
        }
    }

    /// <summary>Runs a batch in one snapshot, so that a task moving meanwhile is seen on one side.</summary>
    private ValueTask<T> QueryAsync<T>(
        Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        GuardAsync(async token =>
        {
            await using var connection = await _source.OpenConnectionAsync(token);
            await using var batch = new NpgsqlBatch(connection);
            fill(batch);
            if (batch.BatchCommands.Count == 1)
            {
                await using var single = await batch.ExecuteReaderAsync(token);
                return await read(single, token);
            }

            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
            await using var row = await batch.ExecuteReaderAsync(token);
            return await read(row, token);
        }, cancellationToken);
}
