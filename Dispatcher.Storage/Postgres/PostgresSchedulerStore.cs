using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>The scheduler's store on PostgreSQL 15–18: one batch, one round trip and one transaction a turn.</summary>
internal sealed class PostgresSchedulerStore(string connectionString, int shard = 0) : ISchedulerStore, IAsyncDisposable
{
    /// <summary>Last resort where a socket is half open and neither server nor driver notices.</summary>
    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source = PostgresSources.Scheduler(connectionString);
    private LeaderConnection? _leader;
    private CancellationTokenSource? _renewing;

    private LeaderConnection Leader => _leader ??= new LeaderConnection(_source, shard);

    public ValueTask<Leadership?> AcquireAsync(string holder, TimeSpan lease, CancellationToken cancellationToken)
    {
        StopRenewing();
        return CallAsync(CallLimit, limited => UnderLockAsync<Leadership?>(async (connection, token) =>
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement(LeaderStatements.Acquire).With(shard, NpgsqlDbType.Integer)
                .With(holder, NpgsqlDbType.Text).With(lease, NpgsqlDbType.Interval);
            await using var row = await batch.ExecuteReaderAsync(token);
            if (!await row.ReadAsync(token)) return null;

            return new Leadership(row.GetInt32(0), row.GetInt64(1),
                new Counters(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), PostgresRows.Instance.Moment(row, 5));
        }, epoch: -1, whenHeld: () => null, limited), cancellationToken);
    }

    public ValueTask<long> ReadTurnAsync(int epoch, CancellationToken cancellationToken) =>
        CallAsync(CallLimit, async limited =>
        {
            // The connection of the unanswered turn goes first: closed, its backend rolls back or has committed.
            await Leader.DropAsync();
            var (storedEpoch, turn) = await UnderLockAsync(async (connection, token) =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.Statement(LeaderStatements.ReadTurn).With(shard, NpgsqlDbType.Integer);
                await using var row = await batch.ExecuteReaderAsync(token);
                await row.ReadAsync(token);
                return (row.GetInt32(0), row.GetInt64(1));
            }, epoch, whenHeld: null, limited);
            return storedEpoch == epoch ? turn
                : throw new StaleEpochException($"Epoch {epoch} is over: the database is at epoch {storedEpoch}.");
        }, cancellationToken);

    public async ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken)
    {
        StopRenewing();
        using var limit = Limit(CommitLimit, cancellationToken);
        NpgsqlConnection connection;
        try
        {
            connection = await Leader.GetAsync(commit.Epoch, limit.Token);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }

        await using var batch = TurnBatch.Create(connection, shard, commit);
        try
        {
            await using var row = await batch.ExecuteReaderAsync(limit.Token);
            await row.ReadAsync(limit.Token);
            var now = PostgresRows.Instance.Moment(row, 0);

            // Committed only when every result is read: the last answer is the transaction's.
            var payloads = new Dictionary<Guid, byte[]>();
            while (await row.NextResultAsync(limit.Token))
                if (row.FieldCount == 2)
                    while (await row.ReadAsync(limit.Token))
                        payloads[row.GetGuid(0)] = row.GetFieldValue<byte[]>(1);
            return new TurnReceipt(now, payloads);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            await Leader.DropAsync();
            throw PostgresFailures.OfCommit(exception);
        }
        catch
        {
            await Leader.DropAsync();
            throw;
        }
    }

    /// <remarks>To load millions of tasks and to look at them takes longer than a lease: the leadership is renewed until the next
    /// call that is about it.</remarks>
    public async ValueTask<LoadedState> LoadAsync(int epoch, CancellationToken cancellationToken)
    {
        StopRenewing();
        _renewing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ = RenewAsync(epoch, _renewing.Token);
        try
        {
            return await CallAsync(LoadLimit, limited => PostgresLoad.RunAsync(_source, shard, epoch, limited), cancellationToken);
        }
        catch
        {
            StopRenewing();
            throw;
        }
    }

    public ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return ValueTask.FromResult<IReadOnlyDictionary<Guid, HistoryEntry>>(new Dictionary<Guid, HistoryEntry>());

        return CallAsync<IReadOnlyDictionary<Guid, HistoryEntry>>(CallLimit, async limited =>
        {
            await using var connection = await _source.OpenConnectionAsync(limited);
            await using var batch = new NpgsqlBatch(connection);
            HistoryProbe.Add(batch, ids);

            var found = new Dictionary<Guid, HistoryEntry>();
            var classes = new TaskClasses();
            await using var row = await batch.ExecuteReaderAsync(limited);
            do
            {
                while (await row.ReadAsync(limited))
                {
                    var task = PostgresRows.Instance.Task(row, classes);
                    found[task.Id] = new HistoryEntry(task, PostgresRows.Instance.Moment(row, RowReader.AfterTask));
                }
            }
            while (await row.NextResultAsync(limited));
            return found;
        }, cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<Guid, byte[]>> LoadPayloadsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyDictionary<Guid, byte[]>>(CallLimit, async limited =>
        {
            await using var connection = await _source.OpenConnectionAsync(limited);
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement(TurnStatements.SelectPayloads).Ids(ids);

            var payloads = new Dictionary<Guid, byte[]>();
            await using var row = await batch.ExecuteReaderAsync(limited);
            while (await row.ReadAsync(limited)) payloads[row.GetGuid(0)] = row.GetFieldValue<byte[]>(1);
            return payloads;
        }, cancellationToken);

    public async ValueTask ReleaseAsync(int epoch, CancellationToken cancellationToken)
    {
        StopRenewing();
        await CallAsync(CallLimit, async limited =>
        {
            try
            {
                // The one that stands: to open another takes longer than all the rest, and somebody waits to lead.
                await using var batch = new NpgsqlBatch(await Leader.GetAsync(epoch, limited));
                batch.Statement(LeaderStatements.Release).With(shard, NpgsqlDbType.Integer).With(epoch, NpgsqlDbType.Integer);
                return await batch.ExecuteNonQueryAsync(limited);
            }
            finally
            {
                await Leader.DropAsync();
            }
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        StopRenewing();
        await Leader.DisposeAsync();
        await _source.DisposeAsync();
    }

    /// <summary>Ends quietly with the token, or when the database does not answer: then the next turn finds out.</summary>
    private async Task RenewAsync(int epoch, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                await using var batch = new NpgsqlBatch(connection);
                batch.Statement(LeaderStatements.Renew).With(shard, NpgsqlDbType.Integer).With(epoch, NpgsqlDbType.Integer);
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or NpgsqlException)
        {
        }
    }

    private void StopRenewing()
    {
        _renewing?.Cancel();
        _renewing?.Dispose();
        _renewing = null;
    }

    /// <summary>Runs a statement that locks the leadership row; a holder beyond its lease, or our own past, is ended once.</summary>
    /// <param name="epoch">Whose backend may be ended although its lease stands; −1 for nobody's.</param>
    /// <param name="whenHeld">The answer when somebody keeps the row; null to throw.</param>
    private async ValueTask<T> UnderLockAsync<T>(
        Func<NpgsqlConnection, CancellationToken, ValueTask<T>> run, int epoch, Func<T>? whenHeld,
        CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, "SET LOCAL lock_timeout = '1s'", cancellationToken);
                var answer = await run(connection, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return answer;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                if (tries == 3 && whenHeld is null) throw;
                if (tries == 3) return whenHeld!();

                await using var batch = new NpgsqlBatch(connection);
                batch.Statement(LeaderStatements.EndHolder).With(shard, NpgsqlDbType.Integer).With(epoch, NpgsqlDbType.Integer);
                var ended = await batch.ExecuteScalarAsync(cancellationToken) is true;
                if (!ended && whenHeld is not null) return whenHeld();
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Bounds a call that writes nothing to tasks, and names its failures.</summary>
    private static async ValueTask<T> CallAsync<T>(
        TimeSpan limit, Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        using var limited = Limit(limit, cancellationToken);
        try
        {
            return await call(limited.Token);
        }
        catch (Exception exception) when (PostgresFailures.IsOutage(exception, cancellationToken))
        {
            throw PostgresFailures.Unavailable(exception);
        }
    }

    private static CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        return source;
    }
}
