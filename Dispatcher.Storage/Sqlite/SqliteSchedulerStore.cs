using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Broker.Storage;

/// <summary>The scheduler's store on SQLite: one transaction and one fsync a turn. Answers at once, on the caller's thread.</summary>
/// <remarks>Who holds the folder leads, so leadership is taken at once.</remarks>
internal sealed class SqliteSchedulerStore : ISchedulerStore, IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly SqliteFailures _failures;
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _sql;

    public SqliteSchedulerStore(SqliteFolder folder)
    {
        (_clock, _failures) = (folder.Clock, folder.Failures);
        _connection = folder.Open();
        _sql = new SqliteStatements(_connection);
    }

    public ValueTask<Leadership?> AcquireAsync(string holder, TimeSpan lease, CancellationToken cancellationToken) => Run(() =>
    {
        var now = _clock.GetUtcNow();
        using var row = _sql.Query("""
            UPDATE leadership SET epoch = epoch + 1, holder = ?1, lease = ?2, renewed_at = ?3, released = 0
            RETURNING epoch, turn, next_seq, next_offer, next_event
            """, holder, lease, now);
        row.Read();
        return (Leadership?)new Leadership(row.GetInt32(0), row.GetInt64(1),
            new Counters(row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), now);
    }, cancellationToken);

    public ValueTask<LoadedState> LoadAsync(int epoch, CancellationToken cancellationToken) => Run(() =>
    {
        AssertEpoch(epoch);
        var totals = Read("SELECT totals FROM leadership",
            row => JsonSerializer.Deserialize(row.GetString(0), StorageJson.Default.CounterSnapshot)!);
        var workers = Read("SELECT record FROM workers ORDER BY id",
            row => JsonSerializer.Deserialize(row.GetString(0), StorageDocuments.Worker)!);
        var pools = Read("SELECT settings FROM pools ORDER BY name",
            row => JsonSerializer.Deserialize(row.GetString(0), StorageDocuments.Pool)!);
        var classes = new TaskClasses();
        var tasks = Read($"SELECT {RowReader.TaskColumns} FROM tasks", row => SqliteRows.Instance.Task(row, classes));
        var newest = Read("SELECT id FROM task_history WHERE id < x'ff' ORDER BY id DESC LIMIT 1", row => SqliteRows.Instance.Id(row, 0));
        return new LoadedState(tasks, workers, pools, totals[0], newest.FirstOrDefault());
    }, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, HistoryEntry>> FindFinishedAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Run(() =>
    {
        var classes = new TaskClasses();
        var found = new Dictionary<Guid, HistoryEntry>();
        foreach (var id in ids)
        {
            using var row = _sql.Query($"SELECT {RowReader.TaskColumns}, finished_at FROM task_history WHERE id = ?1", id);
            if (row.Read())
                found[id] = new HistoryEntry(SqliteRows.Instance.Task(row, classes), SqliteRows.Instance.Moment(row, RowReader.AfterTask));
        }
        return (IReadOnlyDictionary<Guid, HistoryEntry>)found;
    }, cancellationToken);

    public ValueTask<TurnReceipt> CommitAsync(TurnCommit commit, CancellationToken cancellationToken) => Run(() =>
    {
        var now = _clock.GetUtcNow();
        _sql.Execute("BEGIN IMMEDIATE");
        try
        {
            BeginTurn(commit, now);
            SqliteTurn.Write(_sql, commit, now);
            var payloads = Payloads(commit.PayloadsWanted);
            Commit();
            return new TurnReceipt(now, payloads);
        }
        catch (SqliteException exception)
        {
            throw _failures.OfStatement(exception);
        }
        finally
        {
            if (InTransaction) _sql.Execute("ROLLBACK");
        }
    }, cancellationToken);

    public ValueTask<long> ReadTurnAsync(int epoch, CancellationToken cancellationToken) => Run(() =>
    {
        AssertEpoch(epoch);
        return Read("SELECT turn FROM leadership", row => row.GetInt64(0))[0];
    }, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, byte[]>> LoadPayloadsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Run(() => (IReadOnlyDictionary<Guid, byte[]>)Payloads(ids), cancellationToken);

    public ValueTask ReleaseAsync(int epoch, CancellationToken cancellationToken)
    {
        var released = Run(() => _sql.Execute("UPDATE leadership SET released = 1 WHERE epoch = ?1", epoch), cancellationToken);
        return released.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(released.AsTask());
    }

    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
    }

    /// <summary>SQLite itself ends a transaction on some errors, a full disk among them.</summary>
    private bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    private void Commit()
    {
        try
        {
            _sql.Execute("COMMIT");
        }
        catch (SqliteException exception)
        {
            throw new CommitUnknownException($"SQLite did not finish a commit: {exception.Message}", exception);
        }
    }

    private void BeginTurn(TurnCommit commit, DateTimeOffset now)
    {
        var totals = commit.Totals is null ? null : JsonSerializer.Serialize(commit.Totals, StorageJson.Default.CounterSnapshot);
        var rows = _sql.Execute("""
            UPDATE leadership SET turn = ?1, next_seq = ?2, next_offer = ?3, next_event = ?4, renewed_at = ?5,
            totals = coalesce(?6, totals) WHERE epoch = ?7 AND turn = ?1 - 1 AND NOT released
            """, commit.Turn, commit.Counters.Seq, commit.Counters.Offer, commit.Counters.Event, now, totals, commit.Epoch);
        if (rows == 0)
            throw new StaleEpochException($"Turn {commit.Turn} of epoch {commit.Epoch} refused: the database is elsewhere.");
    }

    private void AssertEpoch(int epoch)
    {
        var stored = Read("SELECT epoch FROM leadership", row => row.GetInt32(0))[0];
        if (stored != epoch) throw new StaleEpochException($"Epoch {epoch} is over: the database is at epoch {stored}.");
    }

    private Dictionary<Guid, byte[]> Payloads(IReadOnlyCollection<Guid> ids)
    {
        var payloads = new Dictionary<Guid, byte[]>();
        foreach (var id in ids)
        {
            using var row = _sql.Query("SELECT payload FROM task_payloads WHERE id = ?1", id);
            if (row.Read()) payloads[id] = row.GetFieldValue<byte[]>(0);
        }
        return payloads;
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        var rows = new List<T>();
        using var row = _sql.Query(sql);
        while (row.Read()) rows.Add(read(row));
        return rows;
    }

    private ValueTask<T> Run<T>(Func<T> call, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate) return ValueTask.FromResult(call());
        }
        catch (SqliteException exception)
        {
            return ValueTask.FromException<T>(_failures.OfCall(exception));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<T>(exception);
        }
    }
}
