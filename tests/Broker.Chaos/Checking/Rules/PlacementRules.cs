namespace Broker.Chaos;

/// <summary>Decides each offer anew, by looking at every worker: S8 capacity, S9 accounting, S10 eligibility, S11 reserve,
/// S12 least load, and with <see cref="Waiting"/> S13 priority.</summary>
internal sealed class PlacementRules(World world)
{
    private readonly Waiting _waiting = new();

    /// <summary>The task's steps of the turn are applied, save its offer.</summary>
    public void Track(ReplayedTask task) => _waiting.Track(task);

    /// <summary>Must be told of an offer before it is applied.</summary>
    public void Offer(ReplayedTask task, RecordedStep step, long seq)
    {
        _waiting.Remove(task);
        if (task.Row is not { } row) return;
        if (step.Worker is null || !world.Workers.TryGetValue(step.Worker, out var chosen))
        {
            Blame("S10", $"was offered to {step.Worker}, which is no worker", task, null, seq);
            return;
        }

        CheckWorker(task, row, chosen, seq);
        CheckAccounts(task, row, step, chosen, seq);
        CheckOrder(task, row, seq);
        chosen.Used += row.Cost;
    }

    private void CheckWorker(ReplayedTask task, RecordedTask row, ReplayedWorker chosen, long seq)
    {
        if (chosen.WhyNot(row) is { } why)
        {
            Blame("S10", $"was offered to {chosen}, but {why}", task, chosen, seq);
            return;
        }
        if (chosen.Used + row.Cost > chosen.Slots)
        {
            Blame("S8", $"of cost {row.Cost} was offered to {chosen}", task, chosen, seq);
            return;
        }

        foreach (var other in world.Workers.Values.Where(other => other != chosen && other.CanTake(row)))
        {
            if (chosen.IsReserve && !other.IsReserve)
                Blame("S11", $"was offered to reserve worker {chosen} although active {other} had room", task, chosen, seq);
            else if (chosen.IsReserve == other.IsReserve && other.IsLessLoadedThan(chosen))
                Blame("S12", $"was offered to {chosen} although {other} had less to do", task, chosen, seq);
            else continue;
            return;
        }
    }

    /// <summary>What the scheduler wrote of its own view is what the leases say.</summary>
    private void CheckAccounts(ReplayedTask task, RecordedTask row, RecordedStep step, ReplayedWorker chosen, long seq)
    {
        if (step.Load is { } load && Math.Abs(load - ((double)chosen.Used / chosen.Slots)) > 1e-9)
            Blame("S9", $"was offered at load {load} to {chosen}", task, chosen, seq);
        if (step.Eligible is { } eligible && eligible != CountEligible(row))
            Blame("S9", $"was offered with {eligible} workers to choose from, but there were {CountEligible(row)}", task, chosen, seq);
    }

    /// <summary>With a free slot, though perhaps too few; reserve workers count only when no active one has room.</summary>
    private int CountEligible(RecordedTask row)
    {
        var free = world.Workers.Values.Where(worker => worker.Used < worker.Slots && worker.WhyNot(row) is null).ToList();
        return free.Exists(worker => !worker.IsReserve && worker.CanTake(row)) ? free.Count(worker => !worker.IsReserve) : free.Count;
    }

    private void CheckOrder(ReplayedTask task, RecordedTask row, long seq)
    {
        foreach (var head in _waiting.HeadsBefore(row))
            if (world.Workers.Values.FirstOrDefault(worker => worker.CanTake(head)) is { } free)
                Blame("S13", $"of priority {row.Priority}, number {row.Seq}, was offered before task {head.Id} of priority {head.Priority}, number {head.Seq}, which {free} could take", task, free, seq);
    }

    private void Blame(string invariant, string what, ReplayedTask task, ReplayedWorker? worker, long seq) =>
        world.Findings.Add(invariant, $"{task} {what}", task.Id, worker?.Id, seq);
}
