using Broker.Contracts;

namespace Broker.Storage.Tests;

/// <summary>What every store does, whatever the database.</summary>
public abstract class SchedulerStoreTests(StorageUnderTest storage)
{
    private readonly ISchedulerStore _store = storage.Store;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_active_task_comes_back_as_it_was_written(bool keyed)
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.FullTask(keyed);

        await leader.CommitAsync(turn => turn.Inserted.Add((task, null)));

        Some.Same(task, (await leader.LoadAsync(task.Id))!);
    }

    [Fact]
    public async Task An_update_changes_what_can_change()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var (task, full) = (Some.Task(), Some.FullTask(false));
        await leader.CommitAsync(turn => turn.Inserted.Add((task, null)));

        (task.State, task.Attempt, task.Failures, task.Losses, task.Round) = (full.State, 12, 2, 1, 3);
        (task.Worker, task.Token, task.QueuedAt) = (full.Worker, full.Token, full.QueuedAt);
        (task.OfferedAt, task.StartedAt, task.RetryAt, task.Outcome) = (full.OfferedAt, full.StartedAt, full.RetryAt, full.Outcome);
        await leader.CommitAsync(turn => turn.Updated.Add(task));

        Some.Same(task, (await leader.LoadAsync(task.Id))!);
    }

    [Fact]
    public async Task A_leader_learns_the_newest_id_that_ever_finished_and_carries_its_time()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var newest = (await _store.LoadAsync(leader.Epoch, Cancel)).NewestFinished;
        var (old, young, keyed) = (Some.Task(), Some.Task(at: Some.Now.AddMinutes(1)), Some.FullTask(keyed: true));
        await leader.CommitAsync(turn => turn.Inserted.AddRange([(young, null), (old, null), (keyed, null)]));
        Assert.Equal(newest, (await _store.LoadAsync(leader.Epoch, Cancel)).NewestFinished);

        await leader.CommitAsync(turn => turn.Finished.AddRange([Some.Finish(young), Some.Finish(old), Some.Finish(keyed)]));

        Assert.Equal(young.Id, (await _store.LoadAsync(leader.Epoch, Cancel)).NewestFinished);
    }

    [Fact]
    public async Task Tasks_of_one_class_share_one_instance()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var labels = new TaskClass("default", "default", "shared", [new("gpu", "a100")], 2);
        await leader.CommitAsync(turn => turn.Inserted.AddRange(
            [(Some.Task(of: labels), null), (Some.Task(of: labels with { }), null)]));

        var loaded = (await _store.LoadAsync(leader.Epoch, Cancel)).Tasks.Where(task => task.Class.Type == "shared").ToList();

        Assert.Same(loaded[0].Class, loaded[1].Class);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finished_task_lies_in_the_history_with_all_it_takes_to_revive_it(bool keyed)
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.FullTask(keyed);
        await leader.CommitAsync(turn => turn.Inserted.Add((task, "{}"u8.ToArray())));
        var finished = Some.Finish(task, TaskState.Dead, error: new TaskError("boom", "It broke."));

        await leader.CommitAsync(turn => turn.Finished.Add(finished));

        var entry = (await _store.FindFinishedAsync([task.Id, Some.KeyedId(), Some.TimedId(Some.Now)], Cancel)).Single().Value;
        Some.Same(task, entry.Task);
        Assert.Equal(finished.FinishedAt, entry.FinishedAt);
        Assert.Null(await leader.LoadAsync(task.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revived_task_is_active_again_and_keeps_its_payload(bool keyed)
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.Task(keyed);
        await leader.CommitAsync(turn => turn.Inserted.Add((task, "[1]"u8.ToArray())));
        await leader.CommitAsync(turn => turn.Finished.Add(Some.Finish(task, TaskState.Dead, "2"u8.ToArray())));

        (task.State, task.Round) = (TaskState.Queued, 2);
        await leader.CommitAsync(turn => turn.Revived.Add(task));

        Some.Same(task, (await leader.LoadAsync(task.Id))!);
        Assert.Empty(await _store.FindFinishedAsync([task.Id], Cancel));
        Assert.Equal("[1]"u8.ToArray(), (await _store.LoadPayloadsAsync([task.Id], Cancel))[task.Id]);

        await leader.CommitAsync(turn => turn.Finished.Add(Some.Finish(task, result: "3"u8.ToArray())));
        Assert.Equal("3"u8.ToArray(), (await storage.Reads.GetTaskAsync(task.Id, Cancel))!.Result);
    }

    [Fact]
    public async Task A_task_may_come_or_come_back_and_finish_in_one_turn()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var task = Some.Task();

        await leader.CommitAsync(turn =>
        {
            turn.Inserted.Add((task, "1"u8.ToArray()));
            turn.Finished.Add(Some.Finish(task, TaskState.Dead));
        });
        task.Round = 2;
        await leader.CommitAsync(turn =>
        {
            turn.Revived.Add(task);
            turn.Finished.Add(Some.Finish(task, TaskState.Canceled));
        });

        Assert.Null(await leader.LoadAsync(task.Id));
        Assert.Equal(2, (await _store.FindFinishedAsync([task.Id], Cancel))[task.Id].Task.Round);
    }

    [Fact]
    public async Task A_commit_returns_the_payloads_it_was_asked_for()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var (with, without) = (Some.Task(keyed: true), Some.Task());
        await leader.CommitAsync(turn => turn.Inserted.AddRange([(with, "{\"a\":\"\\u0000\"}"u8.ToArray()), (without, null)]));

        var receipt = await leader.CommitAsync(turn => turn.PayloadsWanted.AddRange([with.Id, without.Id]));

        Assert.Equal([with.Id], receipt.Payloads.Keys);
        Assert.Equal("{\"a\":\"\\u0000\"}"u8.ToArray(), receipt.Payloads[with.Id]);
    }

    [Fact]
    public async Task Counters_and_turn_pass_to_the_next_leader()
    {
        var leader = await Leader.AcquireAsync(_store);
        leader.Counters = new Counters(100, 200, long.MaxValue);
        await leader.CommitAsync(turn => turn.Totals = new CounterSnapshot(1, 2, 3, 4, 5, 6));
        await leader.CommitAsync();
        await _store.ReleaseAsync(leader.Epoch, Cancel);

        var next = await _store.AcquireAsync("next", TimeSpan.FromSeconds(4), Cancel);

        Assert.Equal((leader.Epoch + 1, leader.Turn, leader.Counters), (next!.Epoch, next.Turn, next.Counters));
        Assert.Equal(new CounterSnapshot(1, 2, 3, 4, 5, 6), (await _store.LoadAsync(next.Epoch, Cancel)).Totals);
        await _store.ReleaseAsync(next.Epoch, Cancel);
    }

    [Fact]
    public async Task Nothing_of_an_old_epoch_is_committed_even_if_it_is_empty()
    {
        var old = await Leader.AcquireAsync(_store);
        await _store.ReleaseAsync(old.Epoch, Cancel);
        await using var leader = await Leader.AcquireAsync(_store);

        await Assert.ThrowsAsync<StaleEpochException>(() => old.CommitAsync());
        await Assert.ThrowsAsync<StaleEpochException>(async () => await _store.ReadTurnAsync(old.Epoch, Cancel));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await _store.LoadAsync(old.Epoch, Cancel));
        await _store.ReleaseAsync(old.Epoch, Cancel);
        await leader.CommitAsync();
    }

    [Fact]
    public async Task A_turn_that_was_committed_already_or_skips_one_is_refused()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var again = leader.Next();
        await leader.CommitAsync();

        await Assert.ThrowsAsync<StaleEpochException>(async () => await _store.CommitAsync(again, Cancel));
        await Assert.ThrowsAsync<StaleEpochException>(async () => await _store.CommitAsync(
            new TurnCommit { Epoch = leader.Epoch, Turn = leader.Turn + 2, Counters = leader.Counters }, Cancel));
        Assert.Equal(leader.Turn, await _store.ReadTurnAsync(leader.Epoch, Cancel));
    }

    [Fact]
    public async Task Updating_or_finishing_a_task_that_is_not_there_discards_the_turn()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var stays = Some.Task();

        await Assert.ThrowsAsync<StaleEpochException>(() => leader.CommitAsync(turn =>
        {
            turn.Inserted.Add((stays, null));
            turn.Updated.Add(Some.Task());
        }));
        await Assert.ThrowsAsync<StaleEpochException>(() => leader.CommitAsync(turn => turn.Finished.Add(Some.Finish(Some.Task()))));
        await Assert.ThrowsAsync<StaleEpochException>(() => leader.CommitAsync(turn => turn.Revived.Add(Some.Task())));

        Assert.Null(await leader.LoadAsync(stays.Id));
        await leader.CommitAsync();
    }

    [Fact]
    public async Task A_value_that_breaks_a_rule_is_refused_and_nothing_is_written()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var (good, long_, known) = (Some.Task(), Some.Task(of: Some.Class with { Type = new string('x', 129) }), Some.Task());
        await leader.CommitAsync(turn => turn.Inserted.Add((known, null)));

        await Assert.ThrowsAsync<ValueRefusedException>(() => leader.CommitAsync(turn =>
            turn.Inserted.AddRange([(good, null), (long_, null)])));
        await Assert.ThrowsAsync<ValueRefusedException>(() => leader.CommitAsync(turn => turn.Inserted.Add((known, null))));
        await Assert.ThrowsAsync<ValueRefusedException>(() => leader.CommitAsync(turn =>
            turn.Inserted.Add((Some.Task(state: TaskState.Succeeded), null))));

        Assert.Null(await leader.LoadAsync(good.Id));
        await leader.CommitAsync(turn => turn.Inserted.Add((good, null)));
    }

    [Fact]
    public async Task Workers_and_pools_are_loaded_as_they_were_written_last()
    {
        await using var leader = await Leader.AcquireAsync(_store);
        var pool = new PoolSettings { Name = "gpu", Timeout = TimeSpan.FromMinutes(3), Reserve = new ReserveSettings { Policy = "gradual" } };
        await leader.CommitAsync(turn => turn.Workers.AddRange([Some.Worker("w-1"), Some.Worker("w-2")]));
        await leader.CommitAsync(turn =>
        {
            turn.Workers.AddRange([Some.Worker("w-1"), Some.Worker("w-1") with { Admission = Admission.Draining }]);
            turn.Pools.Add(pool);
        });

        var state = await _store.LoadAsync(leader.Epoch, Cancel);

        Assert.Equivalent(Some.Worker("w-1") with { Admission = Admission.Draining }, state.Workers.Single(worker => worker.Id == "w-1"), strict: true);
        Assert.Equal(pool, state.Pools.Single(found => found.Name == "gpu"));
        Assert.Equal(new PoolSettings { Name = "default" }, state.Pools.Single(found => found.Name == "default"));
    }

    [Fact]
    public async Task Asking_for_nothing_answers_nothing()
    {
        Assert.Empty(await _store.FindFinishedAsync([], Cancel));
        Assert.Empty(await _store.LoadPayloadsAsync([], Cancel));
    }
}
