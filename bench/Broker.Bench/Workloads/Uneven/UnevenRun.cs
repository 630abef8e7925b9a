namespace Broker.Bench;

/// <summary>One contender under one load: a fleet in simulated time, where each message between dispatcher and worker takes its way.</summary>
/// <remarks>A worker begins what it has been sent in order, as its slots come free.</remarks>
internal sealed class UnevenRun
{
    /// <summary>Of every message, for every contender: about half of what Broker needs from submit to start.</summary>
    public static readonly TimeSpan Way = TimeSpan.FromMilliseconds(2);

    private readonly SimulatedTime _time = new();
    private readonly Queue<UnevenTask>[] _waiting;
    private readonly int[] _free;
    private readonly IContender _contender;

    private UnevenRun(UnevenWorker[] fleet, Contender contender, int seed)
    {
        _waiting = [.. fleet.Select(_ => new Queue<UnevenTask>())];
        _free = [.. fleet.Select(worker => worker.Slots)];
        _contender = contender.Start(new ContenderContext(fleet, _time, new Random(seed), Send));
    }

    /// <summary>In seconds, what the plan measures.</summary>
    public static double Measure(UnevenPlan plan, Contender contender, int seed)
    {
        var (fleet, tasks) = plan.Draw(seed);
        var run = new UnevenRun(fleet, contender, seed);
        run.Submit(tasks, 0);
        run._time.Run();
        if (tasks.Find(task => task.FinishedAt == default) is { } lost)
            throw new InvalidOperationException($"Task {lost.Number} of {tasks.Count} was never run by {contender.Name}.");
        if (plan.Utilization is null) return tasks.Max(task => task.FinishedAt).TotalSeconds;

        // The first find an empty fleet.
        var waits = tasks.Skip(tasks.Count / 5).Select(task => task.Wait).Order().ToList();
        return waits[(int)Math.Ceiling(waits.Count * 0.99) - 1].TotalSeconds;
    }

    private void Submit(List<UnevenTask> tasks, int next)
    {
        // A moment at a time, so that the queue of events stays as small as what goes on.
        if (next == tasks.Count) return;

        _time.At(tasks[next].SubmittedAt, () =>
        {
            while (next < tasks.Count && tasks[next].SubmittedAt == _time.Now) _contender.Submit(tasks[next++]);
            Submit(tasks, next);
        });
    }

    private void Send(UnevenWorker worker, UnevenTask task) => _time.After(Way, () =>
    {
        if (_free[worker.Number] > 0) Begin(worker, task);
        else _waiting[worker.Number].Enqueue(task);
    });

    private void Begin(UnevenWorker worker, UnevenTask task)
    {
        _free[worker.Number]--;
        task.StartedAt = _time.Now;
        _time.After(task.Work / worker.Speed, () => End(worker, task));
    }

    private void End(UnevenWorker worker, UnevenTask task)
    {
        task.FinishedAt = _time.Now;
        _free[worker.Number]++;
        if (_waiting[worker.Number].TryDequeue(out var next)) Begin(worker, next);
        _time.After(Way, () => _contender.Finished(worker, task));
    }
}
