using Npgsql;
using NpgsqlTypes;

namespace Broker.Storage;

/// <summary>The one connection that commits turns. Its backend stands in the leadership row, so that a standby can end it.</summary>
internal sealed class LeaderConnection(NpgsqlDataSource source, int shard) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;
    private int _announced;

    /// <summary>Open and announced for this epoch.</summary>
    public async ValueTask<NpgsqlConnection> GetAsync(int epoch, CancellationToken cancellationToken)
    {
        if (_connection is { FullState: System.Data.ConnectionState.Open } && _announced == epoch) return _connection;

        await DropAsync();
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.Statement(LeaderStatements.Announce).With(shard, NpgsqlDbType.Integer).With(epoch, NpgsqlDbType.Integer);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        (_connection, _announced) = (connection, epoch);
        return connection;
    }

    /// <summary>After any failure: the next turn starts on a connection known to be sound.</summary>
    public async ValueTask DropAsync()
    {
        if (_connection is not { } connection) return;

        _connection = null;
        await connection.DisposeAsync();
    }

    public ValueTask DisposeAsync() => DropAsync();
}
