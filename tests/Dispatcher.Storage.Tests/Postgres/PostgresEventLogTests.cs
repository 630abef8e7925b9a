using Broker.TestKit;

namespace Broker.Storage.Tests;

public sealed class PostgresEventLogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_read_in_pages_that_lose_none_and_repeat_none()
    {
        await using var database = await PostgresSchema.CreateAsync();
        await new PostgresMigrator(database.ConnectionString).MigrateAsync(Cancel);
        await using var store = new PostgresSchedulerStore(database.ConnectionString);
        await using var leader = await Leader.AcquireAsync(store);
        await using var log = new PostgresEventLog(database.ConnectionString);
        await leader.CommitAsync(turn =>
        {
            // Tasks have 1–7 and 9, the fleet has 8 and 10.
            turn.TaskEvents.AddRange(new long[] { 1, 2, 3, 4, 5, 6, 7, 9 }.Select(seq => Leader.Event(seq, Guid.NewGuid(), Some.Now)));
            turn.FleetEvents.AddRange(new long[] { 8, 10 }.Select(seq => new FleetEventRecord(seq, Some.Now, "lost", "default", "w", null, null)));
        });

        var seen = new List<long>();
        for (var cursor = 0L; ;)
        {
            var page = await log.ReadAsync(cursor, limit: 3, withTasks: true, Cancel);
            if (page.Last == cursor) break;

            seen.AddRange(page.Tasks.Select(entry => entry.Seq).Concat(page.Fleet.Select(entry => entry.Seq)).Order());
            cursor = page.Last;
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(seq => (long)seq), seen);
    }

    [Fact]
    public async Task A_cursor_is_kept_and_never_goes_back()
    {
        await using var database = await PostgresSchema.CreateAsync();
        await new PostgresMigrator(database.ConnectionString).MigrateAsync(Cancel);
        await using var log = new PostgresEventLog(database.ConnectionString);

        Assert.Equal(0, await log.ReadCursorAsync("test", Cancel));
        await log.SaveCursorAsync("test", 7, Cancel);
        await log.SaveCursorAsync("test", 5, Cancel);

        Assert.Equal(7, await log.ReadCursorAsync("test", Cancel));
    }
}
