using Broker.TestKit;
using Npgsql;

namespace Broker.Storage.Tests;

/// <summary>Row 22 of the faults: somebody else's locks meet those of a turn.</summary>
public sealed class DeadlockTests(PostgresUnderTest storage) : IClassFixture<PostgresUnderTest>
{
    private const int TurnCount = 200;

    private volatile int _rounds;

    private readonly string _connectionString = storage.Database.ConnectionString;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_turn_that_loses_a_deadlock_has_written_nothing_and_is_committed_the_next_time()
    {
        // PostgreSQL looks for a deadlock once, so long after a session began to wait, and ends the session that looked.
        await using var store = new PostgresSchedulerStore($"{_connectionString};Options=-c deadlock_timeout=3s");
        await using var leader = await Leader.AcquireAsync(store);
        var (first, second) = (Some.Task(), Some.Task());
        await leader.CommitAsync(turn => turn.Inserted.AddRange([(first, null), (second, null)]));
        (first.Failures, second.Failures) = (1, 1);
        await using var rival = new NpgsqlConnection(_connectionString);
        await rival.OpenAsync(Cancel);
        await ExecuteAsync(rival, $"SET deadlock_timeout = '1min'; BEGIN; SELECT FROM tasks WHERE id = '{second.Id}' FOR UPDATE");

        // The turn locks its rows in the order it has them: the first one is its own when it asks for the second.
        var commit = leader.CommitAsync(Change);
        await UntilATurnWaitsAsync();
        var rivals = ExecuteAsync(rival, $"SELECT FROM tasks WHERE id = '{first.Id}' FOR UPDATE");

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => commit);
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, Assert.IsType<PostgresException>(failure.InnerException).SqlState);
        await rivals;
        Assert.Equal(leader.Turn, await store.ReadTurnAsync(leader.Epoch, Cancel));
        Assert.Equal(0, (await leader.LoadAsync(first.Id))!.Failures);
        await ExecuteAsync(rival, "ROLLBACK");
        await leader.CommitAsync(Change);
        Assert.Equal(1, (await leader.LoadAsync(second.Id))!.Failures);

        void Change(TurnCommit turn) => turn.Updated.AddRange([first, second]);
    }

    [Fact]
    public async Task Days_are_prepared_and_dropped_beside_turns_and_no_turn_is_refused()
    {
        await using var leader = await Leader.AcquireAsync(storage.Store);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var upkeep = Task.Run(() => KeepUpAsync(over.Token), Cancel);

        // On a busy machine the upkeep needs more turns to get its own.
        for (var turn = 0; turn < TurnCount || (_rounds < 2 && turn < 50 * TurnCount); turn += 2)
        {
            var (inserted, finished) = (Some.Task(), Some.Task());
            await leader.CommitAsync(commit => commit.Inserted.AddRange([(inserted, "{}"u8.ToArray()), (finished, "{}"u8.ToArray())]));
            inserted.Failures = 1;
            await leader.CommitAsync(commit =>
            {
                commit.Updated.Add(inserted);
                commit.Finished.Add(Some.Finish(finished, result: "1"u8.ToArray()));
                commit.TaskEvents.Add(Leader.Event(leader.Turn, finished.Id, Some.Now));
                commit.PayloadsWanted.Add(inserted.Id);
            });
        }

        await over.CancelAsync();
        await upkeep;
        Assert.True(_rounds > 1, "The upkeep did not come round twice.");
    }

    /// <summary>Makes today and drops it again, as if it were long ago, again and again.</summary>
    private async Task KeepUpAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(Some.Now.UtcDateTime);
        while (true)
        {
            try
            {
                await storage.Upkeep.EnsureAsync(today, 0, cancellationToken);
                await storage.Upkeep.DropOldAsync(today.AddDays(60), new Retention(), cancellationToken);
                _rounds++;
            }
            catch (StoreUnavailableException)
            {
                // A turn was in the way: the upkeep gives way.
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task UntilATurnWaitsAsync()
    {
        await using var watcher = new NpgsqlConnection(_connectionString);
        await watcher.OpenAsync(Cancel);
        await using var waits = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = (SELECT backend_pid FROM leadership))", watcher);
        await Eventually.Async(async () => await waits.ExecuteScalarAsync(Cancel) is true, waiting => waiting, "the turn waits");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
