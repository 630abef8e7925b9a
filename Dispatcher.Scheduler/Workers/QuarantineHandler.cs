using Broker.Contracts;
using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Keeps new tasks from workers that fail what others do well. What they have they may finish; an operator lets them in again.</summary>
internal static class QuarantineHandler
{
    /// <summary>Looks at the attempts that this turn ended.</summary>
    public static void Review(TurnDraft turn)
    {
        foreach (var result in turn.Results)
        {
            if (!turn.State.Workers.TryGetValue(result.Worker, out var worker) || worker.Record.Admission != Admission.Open
                || turn.State.Pools.GetValueOrDefault(result.Class.Pool)?.Quarantine.Policy != QuarantinePolicyName.On)
                continue;

            if (turn.State.Failures.Count(result, turn.Now) is { } sentence && MayQuarantine(turn.State, worker, result.Class))
                Quarantine(turn, worker, sentence);
        }
    }

    private static void Quarantine(TurnDraft turn, Worker worker, string reason)
    {
        turn.State.Failures.Forget(worker.Id);
        turn.Change(worker, worker.Record with { Admission = Admission.Quarantined, Reason = reason });
        turn.NoteFleet("quarantined", worker.Record.Pool, worker.Id, reason, "policy");
    }

    /// <summary>Somebody must be left for such tasks, and most of the pool in any case.</summary>
    private static bool MayQuarantine(SchedulerState state, Worker worker, TaskClass taskClass)
    {
        var left = state.Fleet.Serving(taskClass).Sum(group => group.Count) - (worker.IsUsable ? 1 : 0);
        if (left < 1) return false;

        var there = state.Workers.Values.Select(other => other.Record)
            .Where(other => other.Pool == worker.Record.Pool && other.Liveness is Liveness.Online or Liveness.Suspect).ToList();
        return there.Count(other => other.Admission == Admission.Quarantined) < QuarantinePolicy.LimitOf(there.Count);
    }
}
