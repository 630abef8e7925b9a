using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>What every store's readers see, whatever the database.</summary>
public abstract class BrokerReadsTests(StorageUnderTest storage)
{
    private readonly ISchedulerStore _store = storage.Store;
    private readonly IBrokerReads _reads = storage.Reads;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_task_is_seen_active_and_finished_with_payload_result_and_error(bool keyed)
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.FullTask(keyed);
        await leader.CommitAsync(turn => turn.Inserted.Add((task, "{}"u8.ToArray())));

        var active = await _reads.GetTaskAsync(task.Id, Cancel);
        Some.Same(task, active!.Task);
        Assert.Equal((null, null, null), (active.FinishedAt, active.Result, active.Error));
        Assert.Equal("{}"u8.ToArray(), active.Payload);

        await leader.CommitAsync(turn => turn.Finished.Add(
            Some.Finish(task, TaskState.Dead, "[]"u8.ToArray(), new TaskError("boom", "It broke."))));

        var finished = await _reads.GetTaskAsync(task.Id, Cancel);
        Some.Same(task, finished!.Task);
        Assert.Equal((Some.Now.AddSeconds(9), new TaskError("boom", "It broke.")), (finished.FinishedAt, finished.Error));
        Assert.Equal("{}"u8.ToArray(), finished.Payload);
        Assert.Equal("[]"u8.ToArray(), finished.Result);

        var bare = (await _reads.GetTasksAsync([task.Id, Some.KeyedId(), Some.TimedId(Some.Now)], withPayload: false, Cancel)).Single();
        Assert.Equal((null, null), (bare.Payload, bare.Result));
    }

    [Fact]
    public async Task An_unknown_task_is_null()
    {
        Assert.Null(await _reads.GetTaskAsync(Some.TimedId(Some.Now), Cancel));
        Assert.Null(await _reads.GetTaskAsync(Some.KeyedId(), Cancel));
    }

    [Fact]
    public async Task Events_of_a_task_come_oldest_first_over_midnight()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.Task();
        await leader.CommitAsync(turn => turn.TaskEvents.AddRange(
        [
            Leader.Event(2, task.Id, Some.Now.AddDays(1)), Leader.Event(1, task.Id, Some.Now), Leader.Event(3, Guid.NewGuid(), Some.Now),
        ]));

        var events = await _reads.ListEventsAsync(task.Id, Cancel);

        Assert.Equal([1L, 2L], events.Select(entry => entry.Seq));
        Assert.Equivalent(Leader.Event(1, task.Id, Some.Now), events[0], strict: true);
    }

    [Fact]
    public async Task Workers_are_listed_by_id_and_filtered()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        await leader.CommitAsync(turn => turn.Workers.AddRange(
        [
            Some.Worker("b_2", "lists"), Some.Worker("b-1", "lists"), Some.Worker("a", "lists") with { Liveness = Liveness.Lost },
        ]));

        Assert.Equal(["a", "b-1", "b_2"], await Ids(new WorkerFilter { Pool = "lists" }));
        Assert.Equal(["b-1"], await Ids(new WorkerFilter { Pool = "lists", After = "a", Limit = 1 }));
        Assert.Equal(["a"], await Ids(new WorkerFilter { Pool = "lists", Liveness = Liveness.Lost }));
        Assert.Empty(await Ids(new WorkerFilter { Pool = "lists", Role = WorkerRole.Active }));
        Assert.Empty(await Ids(new WorkerFilter { Pool = "lists", Admission = Admission.Drained }));
        Assert.Equivalent(Some.Worker("b_2", "lists"), await _reads.GetWorkerAsync("b_2", Cancel), strict: true);
        Assert.Null(await _reads.GetWorkerAsync("nobody", Cancel));

        async Task<IEnumerable<string>> Ids(WorkerFilter filter) =>
            (await _reads.ListWorkersAsync(filter, Cancel)).Select(worker => worker.Id);
    }

    [Fact]
    public async Task Events_of_a_worker_come_newest_first()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var lost = new FleetEventRecord(101, Some.Now, "lost", "default", "w-events", "silent", "scheduler");
        await leader.CommitAsync(turn => turn.FleetEvents.AddRange(
            [lost, lost with { Seq = 102, Kind = "offline", Reason = null, By = null }, lost with { Seq = 103, Worker = null }]));

        Assert.Equal([lost with { Seq = 102, Kind = "offline", Reason = null, By = null }, lost],
            await _reads.ListWorkerEventsAsync("w-events", Cancel));
    }

    [Fact]
    public async Task Offers_of_an_http_worker_come_oldest_first_and_go()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var (first, second) = (Some.FullTask(false), Some.FullTask(true));
        HttpOffer Offer(TaskRecord task, long number) => new("w-http", task.Id, 1, new FenceToken(3, number), "s");
        await leader.CommitAsync(turn =>
        {
            turn.Inserted.AddRange([(first, "1"u8.ToArray()), (second, null)]);
            turn.HttpOffersAdded.AddRange([Offer(second, 11), Offer(first, 10)]);
        });

        var offers = await _reads.ListHttpOffersAsync("w-http", 10, Cancel);
        Assert.Equal([Offer(first, 10), Offer(second, 11)], offers.Select(offer => offer.Offer));
        Assert.Equal(["1"u8.ToArray(), null], offers.Select(offer => offer.Payload));
        Some.Same(first, offers[0].Task);
        Assert.Single(await _reads.ListHttpOffersAsync("w-http", 1, Cancel));

        await leader.CommitAsync(turn =>
        {
            turn.HttpOffersRemoved.AddRange([first.Id, second.Id]);
            turn.HttpOffersAdded.Add(Offer(second, 12));
        });
        Assert.Equal([Offer(second, 12)], (await _reads.ListHttpOffersAsync("w-http", 10, Cancel)).Select(offer => offer.Offer));
    }

    [Fact]
    public async Task Pools_and_statistics_are_as_the_leader_wrote_them_last()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var pool = new PoolSettings { Name = "a-pool", Timeout = TimeSpan.FromMinutes(3) };
        await leader.CommitAsync(turn => turn.Stats = "{\"a\":1}"u8.ToArray());
        await leader.CommitAsync(turn =>
        {
            turn.Pools.Add(pool);
            turn.Stats = "{\"a\":2}"u8.ToArray();
        });

        Assert.Equal([pool, new PoolSettings { Name = "default" }], await _reads.ListPoolsAsync(Cancel));
        Assert.Equal(pool, await _reads.GetPoolAsync("a-pool", Cancel));
        Assert.Null(await _reads.GetPoolAsync("no-pool", Cancel));
        Assert.Equal("{\"a\":2}"u8.ToArray(), await _reads.GetStatsAsync(Cancel));
    }

    [Fact]
    public async Task The_leader_is_shown_with_the_age_of_its_last_turn()
    {
        var leader = await Leader.AcquireAsync(_store);
        await leader.CommitAsync();

        var led = await _reads.GetLeaderAsync(Cancel);
        Assert.Equal((leader.Epoch, "test", TimeSpan.FromMinutes(5), false), (led!.Epoch, led.Holder, led.Lease, led.Released));
        Assert.InRange(led.Age, TimeSpan.Zero, TimeSpan.FromSeconds(30));

        await leader.DisposeAsync();
        Assert.True((await _reads.GetLeaderAsync(Cancel))!.Released);
    }

    [Fact]
    public async Task A_migrated_database_passes_the_check_and_migrating_again_changes_nothing()
    {
        Assert.Null(await storage.Schema.CheckAsync(Cancel));
        await Task.WhenAll(storage.Schema.MigrateAsync(Cancel), storage.Schema.MigrateAsync(Cancel));
        Assert.Null(await storage.Schema.CheckAsync(Cancel));
    }
}
