using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler.Tests;

/// <summary>Figures to look at, not to pass: seconds depend on the machine. What they count is asserted, how fast is printed.</summary>
public sealed class FiguresTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_event_of_the_lifecycle()
    {
        var bench = new SchedulerBench();
        bench.AddWorker("w");
        var task = bench.Task(bench.Submit());
        bench.Turn(bench.Report(WireKind.Started, task));
        var turn = new TurnDraft(bench.State, Now);
        var news = new ProgressReported(turn, SchedulerBench.ReportOf(task), task.Token, "w");
        Raise(20_000);

        const int Events = 200_000;
        var (time, bytes) = Measured(() => Raise(Events));

        output.WriteLine($"one raised event: {time.TotalMicroseconds / Events:0.00} µs, {bytes / Events} bytes");

        void Raise(int times)
        {
            for (var i = 0; i < times; i++) TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.ProgressReported, news);
        }
    }

    [Fact]
    public void A_task_through_turns_of_200()
    {
        var bench = new SchedulerBench();
        for (var i = 0; i < 100; i++) bench.AddWorker($"w{i}", slots: 10);
        Lives(bench, 100);

        const int Turns = 100;
        var (time, bytes) = Measured(() => Lives(bench, Turns));

        output.WriteLine($"submit + place + start + succeed, batches of 200: {time.TotalMicroseconds / (Turns * 200):0.0} µs, {bytes / (Turns * 200)} bytes a task");
    }

    [Fact]
    public void A_placement_with_10_000_workers_1_000_classes_and_1_000_000_tasks()
    {
        const int Tasks = 1_000_000;
        var state = NewState(workers: 10_000, slots: 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (submitting, _) = Measured(() =>
        {
            for (var i = 0; i < Tasks; i += 1_000)
            {
                var turn = new TurnDraft(state, Now);
                for (var j = 0; j < 1_000; j++) Submit(turn, AClass(j));
            }
        });
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;

        var placed = 0;
        var (time, bytes) = Measured(() =>
        {
            for (var turns = 0; turns < 40; turns++)
            {
                var turn = new TurnDraft(state, Now);
                Placer.Place(turn);
                placed += turn.Offers.Count;
            }
        });

        Assert.Equal(80_000, placed);
        output.WriteLine($"memory: {memory / (double)Tasks:0} bytes a queued task; recording {submitting.TotalMicroseconds / Tasks:0.0} µs a task");
        output.WriteLine($"placing {placed}: {time.TotalMicroseconds / placed:0.00} µs and {bytes / placed} bytes each, raising the event included");
    }

    private static void Lives(SchedulerBench bench, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            var ids = Enumerable.Range(0, 200).Select(_ => SchedulerBench.ATask()).ToArray();
            bench.Turn(bench.Submission(ids));
            foreach (var kind in new[] { WireKind.Started, WireKind.Succeeded })
                bench.Turn([.. ids.Select(id => bench.Task(id.Id)).GroupBy(task => task.Worker!).Select(ofWorker =>
                    bench.Report(kind, ofWorker.Key, [.. ofWorker.Select(task => SchedulerBench.ReportOf(task))]))]);
        }
    }

    private static SchedulerState NewState(int workers, int slots)
    {
        var state = new SchedulerState(new Leadership(1, 0, new Counters(1, 1, 1), Now)) { Queues = new QueueNames() };
        state.Pools["default"] = new PoolSettings { Name = "default" };
        for (var i = 0; i < workers; i++)
        {
            var worker = new Worker(new WorkerRecord { Id = $"w{i}", Pool = "default", Slots = slots, Session = "s" });
            state.Workers[worker.Id] = worker;
            state.Fleet.Change(worker, worker.Record);
        }
        return state;
    }

    private static TaskClass AClass(int number) => new("default", "default", $"type-{number}", [], 1);

    private static TaskRecord Submit(TurnDraft turn, TaskClass taskClass)
    {
        var task = new TaskRecord
        {
            Id = Guid.NewGuid(),
            Class = turn.State.Intern(taskClass),
            Priority = (byte)(turn.State.NextSeq % 10),
            MaxAttempts = 3,
            Timeout = TimeSpan.FromHours(1),
            Seq = turn.State.NextSeq++,
            CreatedAt = Now,
        };
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.Submitted, new Submitted(turn));
        return task;
    }

    private static (TimeSpan Time, long Bytes) Measured(Action action)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Environment.CpuUsage.TotalTime;            // not the wall's: tests run beside each other and other things
        action();
        return (Environment.CpuUsage.TotalTime - start, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
