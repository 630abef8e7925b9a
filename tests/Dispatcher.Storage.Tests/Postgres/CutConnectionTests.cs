using System.Diagnostics;
using Broker.TestKit;
using Npgsql;

namespace Broker.Storage.Tests;

/// <summary>The leader's way to PostgreSQL breaks in the ways a network breaks.</summary>
public sealed class CutConnectionTests(PostgresUnderTest storage) : IClassFixture<PostgresUnderTest>, IAsyncLifetime
{
    /// <summary>The end of a batch in PostgreSQL's protocol: with it the server commits the turn and answers.</summary>
    private static readonly byte[] Sync = [(byte)'S', 0, 0, 0, 4];

    private readonly PostgresSchedulerStore _standby = new(storage.Database.ConnectionString);
    private TcpProxy _proxy = null!;
    private PostgresSchedulerStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        var server = new NpgsqlConnectionStringBuilder(storage.Database.ConnectionString);
        _proxy = new TcpProxy(server.Host!, server.Port);
        (server.Host, server.Port) = ("127.0.0.1", _proxy.Port);
        _store = new PostgresSchedulerStore(server.ConnectionString);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _standby.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    /// <summary>Row 21 of the faults: the connection of a leader that commits dies without a word.</summary>
    [Fact]
    public async Task A_leader_whose_connection_falls_silent_gives_up_another_leads_and_it_commits_nothing_more()
    {
        var leader = await CommittingLeaderAsync(TimeSpan.FromSeconds(1));
        _proxy.ToServer.Close();
        _proxy.ToClient.Close();

        var watch = Stopwatch.StartNew();
        await AssertNotCommittedAsync(leader);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.True(_proxy.ToServer.HeldBytes > 0, "The silence did not bite.");
        var heir = await HeirAsync(leader.Epoch);

        _proxy.Heal();
        await Assert.ThrowsAsync<StaleEpochException>(() => PatientlyAsync(() => leader.CommitAsync()));
        await _standby.ReleaseAsync(heir.Epoch, Cancel);
    }

    /// <summary>Row 21 of the faults, as an administrator causes it.</summary>
    [Fact]
    public async Task A_leader_whose_idle_backend_is_ended_commits_on_a_new_connection_unless_another_leads()
    {
        var leader = await CommittingLeaderAsync(TimeSpan.FromSeconds(1));

        await EndBackendAsync();
        await AssertNotCommittedAsync(leader);
        Assert.Equal(leader.Turn, await _store.ReadTurnAsync(leader.Epoch, Cancel));
        await leader.CommitAsync();

        await EndBackendAsync();
        var heir = await HeirAsync(leader.Epoch);
        await AssertNotCommittedAsync(leader);
        await Assert.ThrowsAsync<StaleEpochException>(() => leader.CommitAsync());
        await _standby.ReleaseAsync(heir.Epoch, Cancel);
    }

    /// <summary>Row 35 of the faults: the turn is committed, and nobody says so.</summary>
    [Fact]
    public async Task A_turn_whose_answer_is_lost_is_unknown_stands_once_and_its_number_says_so()
    {
        var leader = await CommittingLeaderAsync(TimeSpan.FromMinutes(1));
        var task = Some.Task();
        var turn = leader.Next(commit => commit.Inserted.Add((task, "{}"u8.ToArray())));
        var answer = _proxy.SwallowAnswersTo(Sync);

        var commit = _store.CommitAsync(turn, Cancel).AsTask();
        await answer.Swallowing.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
        await Eventually.Async(CountAsync, count => count == 1, "the turn stands");
        Assert.False(commit.IsCompleted);
        _proxy.Cut();

        await Assert.ThrowsAsync<CommitUnknownException>(() => commit);
        Assert.Equal(turn.Turn, await _store.ReadTurnAsync(leader.Epoch, Cancel));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await _store.CommitAsync(turn, Cancel));
        Assert.Equal(1, await CountAsync());
        await leader.DisposeAsync();

        Task<long> CountAsync() => ReadAsync($"SELECT count(*) FROM tasks WHERE id = '{task.Id}'");
    }

    private async Task<Leader> CommittingLeaderAsync(TimeSpan lease)
    {
        var leadership = await _store.AcquireAsync("test", lease, Cancel);
        Assert.NotNull(leadership);
        var leader = new Leader(_store, leadership);
        await leader.CommitAsync();
        return leader;
    }

    /// <summary>Whether it was sent is not known, or it was not; nothing else is a truthful answer.</summary>
    private static async Task AssertNotCommittedAsync(Leader leader)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => leader.CommitAsync());
        Assert.True(failure is CommitUnknownException or StoreUnavailableException, failure.ToString());
    }

    private async Task<Leadership> HeirAsync(int epoch)
    {
        var heir = await Eventually.Async(
            () => _standby.AcquireAsync("heir", TimeSpan.FromMinutes(1), Cancel).AsTask(), taken => taken is not null, "another leads");
        Assert.Equal(epoch + 1, heir!.Epoch);
        return heir;
    }

    /// <summary>A pool may still hold connections that died meanwhile; each fails once.</summary>
    private static async Task PatientlyAsync(Func<Task> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception exception) when (exception is CommitUnknownException or StoreUnavailableException && tries < 10)
            {
            }
        }
    }

    private async Task EndBackendAsync() =>
        Assert.Equal(1, await ReadAsync("SELECT count(pg_terminate_backend(backend_pid, 5000)) FROM leadership"));

    private async Task<long> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(storage.Database.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
