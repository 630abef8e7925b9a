using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Replays the offers of a commit in the order they were decided: S8 capacity, S9 accounting, S10 eligibility,
/// S11 reserve, S12 least load, S13 priority, W1 nobody idles while a task it could take waits.</summary>
internal sealed class PlacementRules(World world)
{
    private bool _idledBefore;

    public void Offer(CheckedTask task, TaskTransition step)
    {
        if (step.Worker is null || !world.Workers.TryGetValue(step.Worker, out var chosen))
        {
            world.Report("S10", $"{task} was offered to {step.Worker}, which is no worker", task.Id);
            return;
        }

        if (chosen.WhyNot(task.Class) is { } why)
            world.Report("S10", $"{task} was offered to {chosen.Id}, but {why}", task.Id, chosen.Id);
        if (step.Load is { } load && Math.Abs(load - (double)chosen.Used / chosen.Record.Slots) > 1e-9)
            world.Report("S9", $"{task} was offered to {chosen.Id} at load {load}, but it has {chosen.Used} of {chosen.Record.Slots} slots in use", task.Id, chosen.Id);
        CompareWithOthers(task, chosen);
        ComparePriority(task);

        chosen.Used += task.Class.Cost;
        if (chosen.Used > chosen.Record.Slots)
            world.Report("S8", $"{chosen.Id} has {chosen.Used} of {chosen.Record.Slots} slots in use", task.Id, chosen.Id);
    }

    /// <summary>At the end of a turn nobody who could take a waiting task is left, save in the first turn of a memory.</summary>
    public void EndTurn(int offers)
    {
        const int OffersPerTurn = 2_000;
        var idle = offers < OffersPerTurn ? Heads().Select(head => (Task: head, Worker: FreeFor(head))).FirstOrDefault(pair => pair.Worker is not null) : default;
        if (idle.Worker is not null && _idledBefore)
            world.Report("W1", $"{idle.Worker.Id} has room for {idle.Task}, but the turn left both alone", idle.Task.Id, idle.Worker.Id);
        _idledBefore = idle.Worker is not null;
    }

    public void Forget() => _idledBefore = false;

    /// <summary>S9: slots in use follow from the live leases, and nothing else.</summary>
    public void Recount()
    {
        var used = new Dictionary<string, int>();
        foreach (var task in world.Tasks.Values)
            if (task is { IsLive: true, Worker: { } id }) used[id] = used.GetValueOrDefault(id) + task.Class.Cost;
        foreach (var worker in world.Workers.Values)
            if (worker.Used != used.GetValueOrDefault(worker.Id))
                world.Report("S9", $"{worker.Id} counts {worker.Used} slots, its leases {used.GetValueOrDefault(worker.Id)}", null, worker.Id);
    }

    private void CompareWithOthers(CheckedTask task, CheckedWorker chosen)
    {
        foreach (var other in world.Workers.Values)
        {
            if (other == chosen || !other.CanTake(task.Class)) continue;

            if (chosen.IsReserve && !other.IsReserve)
                world.Report("S11", $"{task} went to reserve worker {chosen.Id} although active {other.Id} had room", task.Id, chosen.Id);
            if (chosen.IsReserve == other.IsReserve && other.IsLessLoadedThan(chosen))
                world.Report("S12", $"{task} went to {chosen.Id} ({chosen.Used}/{chosen.Record.Slots}) although {other.Id} had {other.Used}/{other.Record.Slots}", task.Id, chosen.Id);
        }
    }

    private void ComparePriority(CheckedTask task)
    {
        foreach (var head in Heads())
            if (head.Precedes(task) && FreeFor(head) is { } free)
                world.Report("S13", $"{task} (priority {task.Priority}, seq {task.Seq}) went before {head} (priority {head.Priority}, seq {head.Seq}), which {free.Id} could take", task.Id, free.Id);
    }

    /// <summary>The first waiting task of each class.</summary>
    private Dictionary<TaskClass, CheckedTask>.ValueCollection Heads()
    {
        var heads = new Dictionary<TaskClass, CheckedTask>();
        foreach (var task in Waiting)
            if (!heads.TryGetValue(task.Class, out var head) || task.Precedes(head)) heads[task.Class] = task;
        return heads.Values;
    }

    /// <summary>Queued tasks; kept by the checker as tasks come and go.</summary>
    public HashSet<CheckedTask> Waiting { get; } = [];

    public void Track(CheckedTask task)
    {
        if (task.State == TaskState.Queued) Waiting.Add(task);
        else Waiting.Remove(task);
    }

    private CheckedWorker? FreeFor(CheckedTask task)
    {
        foreach (var worker in world.Workers.Values)
            if (worker.CanTake(task.Class)) return worker;
        return null;
    }
}
