using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>Carries out what the reserve policy decides, and what people say against it.</summary>
internal static class ReserveHandler
{
    /// <summary>Reviews every pool whose time has come.</summary>
    public static void ReviewDue(TurnDraft turn)
    {
        foreach (var pool in turn.State.Pools.Values)
        {
            var flow = turn.State.Reserve.Of(pool.Name);
            if (pool.Reserve.Policy == ReservePolicyName.Off || turn.Now < flow.ReviewedAt + pool.Reserve.ReviewEvery) continue;

            flow.ReviewedAt = turn.Now;
            Review(turn, pool.Name);
        }
    }

    public static void Review(TurnDraft turn, string name)
    {
        if (!turn.State.Pools.TryGetValue(name, out var pool) || pool.Reserve.Policy == ReservePolicyName.Off) return;

        var flow = turn.State.Reserve.Of(name);
        flow.Fade(turn.Now, pool.Reserve.Period);
        var reserve = turn.State.Workers.Values
            .Where(worker => worker.Record is { Role: WorkerRole.Reserve, Liveness: Liveness.Online, Admission: Admission.Open }
                && worker.Record.Pool == name)
            .OrderBy(worker => worker.Id, StringComparer.Ordinal).ToList();
        var change = ReservePolicy.Review(View(turn, name, flow, reserve), pool.Reserve);

        var chosen = change.Count > 0
            ? reserve.Where(worker => !worker.Record.Activated).Take(change.Count)
            : reserve.Where(IsIdleByPolicy).Reverse().Take(-change.Count);
        foreach (var worker in chosen.ToList())
        {
            flow.ChangedAt = turn.Now;
            SetActivated(turn, worker, change.Count > 0, byHand: false, change.Reason, "policy");
        }
    }

    /// <summary>Takes a reserve worker into use or out of it; what it runs it may finish.</summary>
    public static void SetActivated(TurnDraft turn, Worker worker, bool activated, bool byHand, string? reason, string? by)
    {
        if (worker.Record.Activated == activated && worker.Record.ActivatedByHand == byHand) return;

        var changes = worker.Record.Activated != activated;
        turn.Change(worker, worker.Record with { Activated = activated, ActivatedByHand = byHand, Reason = reason });
        if (changes) turn.NoteFleet(activated ? "activated" : "deactivated", worker.Record.Pool, worker.Id, reason, by);
    }

    /// <summary>The policy was switched off: what it took into use leaves.</summary>
    public static void StandDown(TurnDraft turn, string pool)
    {
        foreach (var worker in turn.State.Workers.Values.Where(worker => worker.Record.Pool == pool && IsByPolicy(worker)))
            SetActivated(turn, worker, activated: false, byHand: false, "the reserve policy is off", "policy");
    }

    private static bool IsByPolicy(Worker worker) => worker.Record is { Activated: true, ActivatedByHand: false };

    private static bool IsIdleByPolicy(Worker worker) =>
        IsByPolicy(worker) && worker.Held.Count == 0;

    private static PoolView View(TurnDraft turn, string name, PoolFlow flow, List<Worker> reserve)
    {
        var lines = turn.State.Backlog.Lines.Where(line => line.Class.Pool == name).ToList();
        var backlog = lines.Sum(line => line.Count);
        flow.QuietSince = backlog > 0 ? null : flow.QuietSince ?? turn.Now;

        return new PoolView(
            backlog,
            backlog > 0 ? turn.Now - lines.Min(line => line.OldestQueuedAt) : TimeSpan.Zero,
            turn.State.Workers.Values.Where(worker => worker.IsUsable && worker.Record.Role == WorkerRole.Active && worker.Record.Pool == name)
                .Sum(worker => worker.Record.Slots),
            reserve.Sum(worker => worker.Record.Slots),
            reserve.Count(IsByPolicy),
            reserve.Count(worker => worker.Record.ActivatedByHand),
            reserve.Count(IsIdleByPolicy),
            reserve.Count(worker => !worker.Record.Activated),
            flow.ArrivalsPerSecond,
            flow.SlotSecondsPerTask,
            flow.ChangedAt is { } changed ? turn.Now - changed : TimeSpan.MaxValue,
            turn.Now - flow.QuietSince,
            turn.Now - turn.State.TookOverAt);
    }
}
