using Microsoft.Data.Sqlite;

namespace Broker.Storage;

/// <summary>A data folder and the lock that makes it this process's own while it runs.</summary>
/// <remarks>The lock is the operating system's on an open file: it ends with the process, however that ends.</remarks>
internal sealed class SqliteFolder : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _database;

    /// <exception cref="InvalidOperationException">Another Broker uses the folder.</exception>
    public SqliteFolder(string path, TimeProvider timeProvider)
    {
        Directory.CreateDirectory(path);
        (Clock, _database) = (timeProvider, Path.Combine(path, "broker.db"));
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

    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _database, DefaultTimeout = 10 }.ConnectionString;

    /// <summary>Writes survive a crash of the machine; readers never wait for the writer, nor it for them.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var settings = connection.CreateCommand();
            settings.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536";
            settings.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(ConnectionString)) SqliteConnection.ClearPool(connection);
        _lock.Dispose();
    }
}
