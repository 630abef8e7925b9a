using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>Retention, whatever the database.</summary>
public abstract class UpkeepTests(StorageUnderTest storage)
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(Some.Now.UtcDateTime);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Old_tasks_go_by_how_they_ended_and_active_ones_keep_their_payload(bool prepared)
    {
        await using var leader = await Leader.AcquireAsync(storage.Store);
        // Old days have partitions only if somebody prepared them; without, rows lie in the default ones.
        // Each case has days of its own: what one drops would be missing in the other.
        var (eight, forty) = prepared ? (Some.Now.AddDays(-8), Some.Now.AddDays(-40)) : (Some.Now.AddDays(-10), Some.Now.AddDays(-42));
        if (prepared)
            foreach (var day in new[] { eight, forty })
                await storage.Upkeep.EnsureAsync(DateOnly.FromDateTime(day.UtcDateTime), 1, Cancel);
        var young = Some.Task();
        var (succeeded, dead, keyed) = (Some.Task(at: eight), Some.Task(at: eight), Some.Task(keyed: true, eight));
        var (oldDead, oldActive, oldKeyed) = (Some.Task(at: forty), Some.Task(at: forty), Some.Task(keyed: true, forty));
        TaskRecord[] all = [young, succeeded, dead, keyed, oldDead, oldActive, oldKeyed];
        await leader.CommitAsync(turn =>
        {
            turn.Inserted.AddRange(all.Select(task => (task, (byte[]?)"{}"u8.ToArray())));
            turn.TaskEvents.Add(Leader.Event(leader.Turn * 10, oldDead.Id, forty));
            turn.TaskEvents.Add(Leader.Event((leader.Turn * 10) + 1, young.Id, Some.Now));
        });
        await leader.CommitAsync(turn => turn.Finished.AddRange(
        [
            Some.Finish(young), Some.Finish(succeeded), Some.Finish(dead, TaskState.Dead), Some.Finish(keyed),
            Some.Finish(oldDead, TaskState.Dead, "1"u8.ToArray()),
        ]));

        await storage.Upkeep.DropOldAsync(Today, new Retention(), Cancel);
        await storage.Upkeep.DropOldAsync(Today, new Retention(), Cancel);

        var left = await storage.Store.FindFinishedAsync([.. all.Select(task => task.Id)], Cancel);
        Assert.Equivalent(new[] { young.Id, dead.Id }, left.Keys, strict: true);
        var payloads = await storage.Store.LoadPayloadsAsync([oldActive.Id, oldKeyed.Id], Cancel);
        Assert.Equal(2, payloads.Count);
        Assert.Empty(await storage.Reads.ListEventsAsync(oldDead.Id, Cancel));
        Assert.Single(await storage.Reads.ListEventsAsync(young.Id, Cancel));
        await leader.CommitAsync(turn => turn.Finished.AddRange([Some.Finish(oldActive), Some.Finish(oldKeyed)]));
    }

    [Fact]
    public async Task A_day_prepared_late_takes_over_the_rows_that_came_early()
    {
        await using var leader = await Leader.AcquireAsync(storage.Store);
        var far = Some.Now.AddDays(100);
        var task = Some.Task(at: far);
        await leader.CommitAsync(turn =>
        {
            turn.Inserted.Add((task, "{}"u8.ToArray()));
            turn.Finished.Add(Some.Finish(task));
            turn.TaskEvents.Add(Leader.Event(1_000_000, task.Id, far));
        });

        await storage.Upkeep.EnsureAsync(DateOnly.FromDateTime(far.UtcDateTime), 1, Cancel);
        await storage.Upkeep.EnsureAsync(DateOnly.FromDateTime(far.UtcDateTime), 1, Cancel);

        Assert.Single(await storage.Store.FindFinishedAsync([task.Id], Cancel));
        Assert.NotNull((await storage.Reads.GetTaskAsync(task.Id, Cancel))!.Payload);
        Assert.Single(await storage.Reads.ListEventsAsync(task.Id, Cancel));
    }
}
