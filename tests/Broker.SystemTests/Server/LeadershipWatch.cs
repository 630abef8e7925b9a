using System.Diagnostics;
using Broker.TestKit;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>Times changes of the leader by the row that makes one.</summary>
internal sealed class LeadershipWatch(string postgres) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // One connection for all looks, so that looking takes no time.
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(postgres);

    /// <summary>Takes the leader away; how long until there was a new epoch, and until that had committed a turn.</summary>
    public async Task<(TimeSpan Epoch, TimeSpan Turn)> TimeAsync(Func<Task> fault)
    {
        var (before, _) = await ReadAsync();
        var watch = Stopwatch.StartNew();
        await fault();
        var (epoch, turn) = await Eventually.Async(ReadAsync, row => row.Epoch > before, $"an epoch after {before}", Patience);
        var acquired = watch.Elapsed;
        await Eventually.Async(ReadAsync, row => row.Turn > turn, $"a turn of epoch {epoch}", Patience);
        return (acquired, watch.Elapsed);
    }

    public async Task<(int Epoch, long Turn)> ReadAsync()
    {
        await using var command = _source.CreateCommand("SELECT epoch, turn FROM leadership");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt32(0), row.GetInt64(1));
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
