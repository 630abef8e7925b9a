using Broker.Contracts;

namespace Broker.Scheduler.Tests;

/// <summary>What a task may cost, counted in things that no machine makes faster or slower.</summary>
public sealed class BudgetTests
{
    private const int Workers = 50;
    private const int BatchLimit = 10;                  // what workers of the bench ask for
    private const int TasksPerTurn = 200;
    private const int Turns = 50;

    private readonly SchedulerBench _bench = new();
    private int _tasks;

    public BudgetTests()
    {
        for (var i = 0; i < Workers; i++) _bench.AddWorker($"w{i}", slots: 10);
        for (var i = 0; i < 10; i++) LiveThrough();
    }

    /// <summary>The pure core alone: what arrives and what is sent comes on top. 10,300 when this was written.</summary>
    [Fact]
    public void A_task_is_submitted_placed_started_and_done_with_at_most_12_000_bytes_of_garbage()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < Turns; turn++) LiveThrough();

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (Turns * TasksPerTurn), 1, 12_000);
    }

    [Fact]
    public void Offers_of_a_turn_share_messages_and_a_task_is_three_rows_of_events_at_most()
    {
        var (messages, commits) = (_bench.Sent.Count, _bench.Commits.Count);
        for (var turn = 0; turn < Turns; turn++) LiveThrough();

        var needed = Turns * Workers * Math.Ceiling(TasksPerTurn / (double)Workers / BatchLimit);
        Assert.Equal(needed, _bench.Sent.Count - messages);
        Assert.Equal(2 * Turns, _bench.Commits.Count - commits);
        Assert.InRange(_bench.Commits.Skip(commits).Sum(commit => commit.TaskEvents.Count), 1, 2 * Turns * TasksPerTurn);
    }

    [Fact]
    public void Neither_a_new_task_nor_its_offer_nor_its_reports_ask_the_database_for_anything()
    {
        var commits = _bench.Commits.Count;
        for (var turn = 0; turn < Turns; turn++) LiveThrough();

        Assert.DoesNotContain(_bench.Commits.Skip(commits), commit => commit.PayloadsWanted.Count > 0);
        Assert.False(_bench.State.Finished.MayContain(IdOf(_tasks + 1)));
    }

    /// <summary>A turn takes in and places, the next one hears of starts and successes.</summary>
    private void LiveThrough()
    {
        var tasks = Enumerable.Range(0, TasksPerTurn).Select(_ => SchedulerBench.ATask(id: IdOf(++_tasks))).ToArray();
        _bench.Turn(_bench.Submission(tasks));
        var held = _bench.State.Tasks.Values.GroupBy(task => task.Worker!).ToList();
        _bench.Turn([.. held.SelectMany(worker => new[] { WireKind.Started, WireKind.Succeeded }.Select(kind =>
            _bench.Report(kind, worker.Key, [.. worker.Select(task => SchedulerBench.ReportOf(task))])))]);
        Assert.Empty(_bench.State.Tasks);
    }

    private static Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, (long)number << 16);
        TaskId.Stamp(bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
