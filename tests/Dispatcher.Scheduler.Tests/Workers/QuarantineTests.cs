using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class QuarantineTests
{
    private readonly SchedulerBench _bench = new();

    [Fact]
    public void A_worker_that_fails_what_others_do_well_gets_nothing_new_finishes_what_it_has_and_stays_out_over_a_restart()
    {
        AddFleet(good: 3);
        var bad = _bench.AddWorker("bad", slots: 2);

        Work(rounds: 20, isBad: worker => worker == "bad");

        Assert.Equal(Admission.Quarantined, bad.Record.Admission);
        Assert.Matches("^failed [0-9]+ of its last [0-9]+ tasks of type 'resize'; others failed 0 of [0-9]+ meanwhile$", bad.Record.Reason);
        Assert.Single(_bench.FleetKinds, "quarantined");
        var quarantinedAt = _bench.Commits.FindIndex(commit => commit.FleetEvents.Any(happened => happened.Kind == "quarantined"));
        Assert.DoesNotContain(_bench.Commits.Skip(quarantinedAt).SelectMany(commit => commit.TaskEvents).SelectMany(happened => happened.Transitions),
            step => step is { Event: "offered", Worker: "bad" });
        Assert.Empty(bad.Held);                                  // reported on, not taken away

        Assert.Equal(Admission.Quarantined, _bench.AddWorker("bad", slots: 2).Record.Admission);
        _bench.TakeOver();
        Assert.Equal(Admission.Quarantined, _bench.State.Workers["bad"].Record.Admission);
    }

    [Fact]
    public void Uncordon_lets_it_in_and_counts_anew()
    {
        AddFleet(good: 3);
        var bad = _bench.AddWorker("bad", slots: 2);
        Work(rounds: 20, isBad: worker => worker == "bad");

        _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "bad", Action = WorkerAction.Uncordon, Reason = "new disk" });
        Assert.Equal((Admission.Open, "new disk"), (bad.Record.Admission, bad.Record.Reason));
        Work(rounds: 1, isBad: worker => worker == "bad");
        Assert.Equal(Admission.Open, bad.Record.Admission);
        Work(rounds: 20, isBad: worker => worker == "bad");
        Assert.Equal(Admission.Quarantined, bad.Record.Admission);
    }

    [Fact]
    public void Time_outs_count_as_failures()
    {
        AddFleet(good: 3);
        _bench.AddWorker("bad", slots: 2);

        for (var round = 0; round < 30; round++)
        {
            var tasks = Enumerable.Range(0, 5).Select(_ => _bench.Task(_bench.Submit(timeout: TimeSpan.FromSeconds(5), maxAttempts: 1))).ToList();
            foreach (var task in tasks) _bench.Turn(_bench.Report(WireKind.Started, task));
            foreach (var task in tasks.Where(task => task.Worker != "bad")) _bench.Turn(_bench.Report(WireKind.Succeeded, task));
            _bench.Pass(TimeSpan.FromSeconds(5)).Turn([.. _bench.State.Workers.Keys.Select(_bench.Beat)]);
        }

        Assert.Equal(Admission.Quarantined, _bench.State.Workers["bad"].Record.Admission);
    }

    [Fact]
    public void A_pool_may_have_it_switched_off()
    {
        var bench = new SchedulerBench(new PoolSettings { Name = "default", Quarantine = new QuarantineSettings { Policy = QuarantinePolicyName.Off } });
        AddFleet(good: 3, bench);
        bench.AddWorker("bad", slots: 2);

        Work(rounds: 30, isBad: worker => worker == "bad", bench);

        Assert.DoesNotContain("quarantined", bench.FleetKinds);
    }

    [Fact]
    public void Explain_counts_them()
    {
        AddFleet(good: 3);
        _bench.AddWorker("bad", slots: 2);
        Work(rounds: 20, isBad: worker => worker == "bad");
        foreach (var worker in new[] { "good-0", "good-1", "good-2" })
            _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = worker, Action = WorkerAction.Cordon });

        var reason = _bench.Ask<TaskExplained>(new ExplainTask { Task = _bench.Submit() }).Reasons[0];

        Assert.Equal(("no-eligible-worker", 1, 3), (reason.Code, reason.Missing!["is quarantined"], reason.Missing!["is cordoned"]));
    }

    [Fact]
    public void The_last_worker_for_such_tasks_is_never_quarantined()
    {
        AddFleet(good: 1);
        var bad = _bench.AddWorker("bad", slots: 2);
        for (var round = 0; round < 30; round++)
        {
            Offer(4);
            _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "good-0", Action = WorkerAction.Cordon });
            ReportAll(isBad: worker => worker == "bad");
            _bench.Ask<WorkerChanged>(new ChangeWorker { Worker = "good-0", Action = WorkerAction.Uncordon });
        }
        Assert.Equal(Admission.Open, bad.Record.Admission);

        Work(rounds: 10, isBad: worker => worker == "bad");
        Assert.Equal(Admission.Quarantined, bad.Record.Admission);
    }

    /// <summary>However many are bad: at most a fifth of the pool, and never all.</summary>
    [Fact]
    public void Most_of_a_pool_is_never_quarantined()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var bench = new SchedulerBench();
            var workers = random.Next(1, 16);
            for (var i = 0; i < workers; i++) bench.AddWorker($"w{i:00}", slots: random.Next(1, 4));
            var bad = Enumerable.Range(0, workers).Where(_ => random.NextDouble() < 0.5).Select(i => $"w{i:00}").ToHashSet();

            Work(rounds: 40, isBad: bad.Contains, bench);

            var quarantined = bench.State.Workers.Values.Where(worker => worker.Record.Admission == Admission.Quarantined).ToList();
            Assert.All(quarantined, worker => Assert.Contains(worker.Id, bad));
            Assert.True(quarantined.Count <= QuarantinePolicy.LimitOf(workers) && quarantined.Count < workers, $"Seed {seed}: {quarantined.Count} of {workers}.");
            if (bad.Count > 0 && bad.Count <= workers / 5) Assert.Equal(bad.Count, quarantined.Count);
        }
    }

    private void AddFleet(int good, SchedulerBench? bench = null)
    {
        for (var i = 0; i < good; i++) (bench ?? _bench).AddWorker($"good-{i}", slots: 2);
    }

    /// <summary>As many tasks as there are slots, a second each; the bad fail theirs for good.</summary>
    private void Work(int rounds, Predicate<string> isBad, SchedulerBench? bench = null)
    {
        bench ??= _bench;
        for (var round = 0; round < rounds; round++)
        {
            Offer(bench.State.Workers.Values.Where(worker => worker.IsUsable).Sum(worker => worker.SlotsFree), bench);
            ReportAll(isBad, bench);
        }
    }

    private void Offer(int tasks, SchedulerBench? bench = null)
    {
        for (var i = 0; i < tasks; i++) (bench ?? _bench).Submit(maxAttempts: 1);
    }

    private void ReportAll(Predicate<string> isBad, SchedulerBench? bench = null)
    {
        bench ??= _bench;
        var offered = bench.State.Tasks.Values.Where(task => task.State == TaskState.Offered);
        bench.Pass(TimeSpan.FromSeconds(1)).Turn(
            [.. offered.Select(task => bench.Report(isBad(task.Worker!) ? WireKind.Failed : WireKind.Succeeded, task))]);
    }
}
