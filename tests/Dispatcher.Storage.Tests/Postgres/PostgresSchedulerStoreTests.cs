using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Broker.Storage.Tests;

public sealed class PostgresSchedulerStoreTests(PostgresUnderTest storage)
    : SchedulerStoreTests(storage), IClassFixture<PostgresUnderTest>
{
    private readonly ISchedulerStore _store = storage.Store;
    private readonly string _connectionString = storage.Database.ConnectionString;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Text_the_database_cannot_keep_is_refused()
    {
        await using var leader = await Leader.AcquireAsync(_store);

        await Assert.ThrowsAsync<ValueRefusedException>(() => leader.CommitAsync(turn =>
            turn.Inserted.Add((Some.Task(of: Some.Class with { Type = "a\0b" }), null))));

        await leader.CommitAsync();
    }

    [Fact]
    public async Task A_standby_waits_for_the_lease_and_takes_over_when_it_has_run_out()
    {
        await using var standby = new PostgresSchedulerStore(_connectionString);
        var first = await _store.AcquireAsync("first", TimeSpan.FromMilliseconds(300), Cancel);
        Assert.Null(await standby.AcquireAsync("second", TimeSpan.FromMinutes(1), Cancel));

        Leadership? second = null;
        while (second is null) second = await standby.AcquireAsync("second", TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal(first!.Epoch + 1, second.Epoch);
        await standby.ReleaseAsync(second.Epoch, Cancel);
    }

    [Fact]
    public async Task A_commit_renews_the_lease()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        await storage.Database.ExecuteAsync("UPDATE leadership SET renewed_at = renewed_at - interval '1 hour'");

        var receipt = await leader.CommitAsync();

        await using var standby = new PostgresSchedulerStore(_connectionString);
        Assert.Null(await standby.AcquireAsync("second", TimeSpan.FromMinutes(1), Cancel));
        Assert.InRange((await storage.Reads.GetLeaderAsync(Cancel))!.Age, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(receipt.DatabaseNow, Some.Now.AddMinutes(-1), Some.Now.AddMinutes(10));
    }

    [Fact]
    public async Task A_load_that_takes_longer_than_the_lease_does_not_lose_the_leadership()
    {
        var leadership = await _store.AcquireAsync("first", TimeSpan.FromSeconds(2), Cancel);
        await using var blocker = new NpgsqlConnection(_connectionString);
        await blocker.OpenAsync(Cancel);
        await ExecuteAsync(blocker, "BEGIN; LOCK TABLE tasks");
        var watch = Stopwatch.StartNew();
        var loading = _store.LoadAsync(leadership!.Epoch, Cancel).AsTask();

        await using var standby = new PostgresSchedulerStore(_connectionString);
        while (watch.Elapsed < TimeSpan.FromSeconds(3))
            Assert.Null(await standby.AcquireAsync("second", TimeSpan.FromSeconds(2), Cancel));
        await ExecuteAsync(blocker, "ROLLBACK");
        await loading;

        await _store.ReleaseAsync(leadership.Epoch, Cancel);
        var second = await standby.AcquireAsync("second", TimeSpan.FromSeconds(2), Cancel);
        Assert.Equal(leadership.Epoch + 1, second!.Epoch);
        await standby.ReleaseAsync(second.Epoch, Cancel);
    }

    [Fact]
    public async Task A_standby_ends_the_backend_of_a_leader_that_stopped_inside_its_turn()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        await using var stuck = new NpgsqlConnection(_connectionString);
        await stuck.OpenAsync(Cancel);
        await ExecuteAsync(stuck, "UPDATE leadership SET backend_pid = pg_backend_pid(), renewed_at = renewed_at - interval '1 hour'");
        await ExecuteAsync(stuck, "BEGIN; UPDATE leadership SET turn = turn + 1");

        await using var standby = new PostgresSchedulerStore(_connectionString);
        var taken = await standby.AcquireAsync("second", TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal((leader.Epoch + 1, leader.Turn), (taken!.Epoch, taken.Turn));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(stuck, "COMMIT"));
        await standby.ReleaseAsync(taken.Epoch, Cancel);
    }

    [Fact]
    public async Task A_commit_whose_connection_is_cut_is_unknown_and_the_turn_number_settles_it()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        await leader.CommitAsync();
        await using var blocker = new NpgsqlConnection(_connectionString);
        await blocker.OpenAsync(Cancel);
        await ExecuteAsync(blocker, "BEGIN; LOCK TABLE tasks");
        var task = Some.Task();
        var commit = leader.CommitAsync(turn => turn.Inserted.Add((task, null)));

        await using var killer = new NpgsqlConnection(_connectionString);
        await killer.OpenAsync(Cancel);
        await using var kill = new NpgsqlCommand("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE NOT granted AND relation = 'tasks'::regclass
            """, killer);
        while (await kill.ExecuteScalarAsync(Cancel) is 0L) Assert.False(commit.IsCompleted);
        await Assert.ThrowsAsync<CommitUnknownException>(() => commit);
        await ExecuteAsync(blocker, "ROLLBACK");

        Assert.Equal(leader.Turn, await _store.ReadTurnAsync(leader.Epoch, Cancel));
        await leader.CommitAsync(turn => turn.Inserted.Add((task, null)));
    }

    [Fact]
    public async Task A_lock_in_the_way_fails_the_commit_with_nothing_written()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        await using var blocker = new NpgsqlConnection(_connectionString);
        await blocker.OpenAsync(Cancel);
        await ExecuteAsync(blocker, "BEGIN; LOCK TABLE tasks");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => leader.CommitAsync(turn => turn.Inserted.Add((Some.Task(), null))));

        await ExecuteAsync(blocker, "ROLLBACK");
        await leader.CommitAsync();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(_connectionString) { Port = 1 }.ConnectionString;
        await using var store = new PostgresSchedulerStore(nowhere);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.CommitAsync(new TurnCommit { Epoch = 1, Turn = 1, Counters = default }, Cancel));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
            await store.AcquireAsync("x", TimeSpan.FromSeconds(1), Cancel));
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_is_given_up()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var nowhere = new NpgsqlConnectionStringBuilder(_connectionString) { Port = ((IPEndPoint)silent.LocalEndpoint).Port };
        await using var store = new PostgresSchedulerStore(nowhere.ConnectionString);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.AcquireAsync("x", TimeSpan.FromSeconds(1), Cancel)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
