using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Broker.Storage;

/// <summary>A data folder and the lock that makes it this process's own while it runs.</summary>
/// <remarks>The lock is the operating system's on an open file: it ends with the process, however that ends.</remarks>
internal sealed class SqliteFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _database;

    /// <param name="onDamage">Told what is wrong when the database turns out to be damaged; from any thread, maybe more than once.</param>
    /// <exception cref="InvalidOperationException">Another Broker uses the folder.</exception>
    public SqliteFolder(string path, TimeProvider timeProvider, Action<string>? onDamage = null)
    {
        Directory.CreateDirectory(path);
        (Clock, _database) = (timeProvider, Path.Combine(path, "broker.db"));
        Failures = new SqliteFailures(_database, onDamage);
        try
        {
            _lock = new FileStream(Path.Combine(path, "broker.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"The data folder {path} is in use by another Broker. Stop that one, or choose another folder.", exception);
        }
    }

    public TimeProvider Clock { get; }

    public SqliteFailures Failures { get; }

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _database, DefaultTimeout = 10 }.ConnectionString;

    /// <summary>Reads the whole database once. What is damaged is left as it is, for whoever tries to save something from it.</summary>
    /// <exception cref="StoreUnavailableException">It is damaged, or can't be read.</exception>
    public void Check()
    {
        if (!File.Exists(_database)) return;

        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            connection.Open();
            _ = raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is string found and not "ok") throw Failures.Damage(found);
        }
        catch (SqliteException exception)
        {
            throw Failures.OfCall(exception);
        }
    }

    /// <summary>Writes survive a crash of the machine; readers never wait for the writer, nor it for them.</summary>
    /// <exception cref="StoreUnavailableException">It does not open.</exception>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var settings = connection.CreateCommand();
            settings.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
            settings.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw Failures.OfCall(exception);
        }
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        _lock.Dispose();
    }
}
