using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Where a task goes, or why it has to wait.</summary>
internal abstract record PlacementDecision
{
    private PlacementDecision()
    {
    }

    /// <param name="Eligible">Workers that serve the class and have a free slot, the chosen one included.</param>
    public sealed record Offer(Worker Worker, int Eligible) : PlacementDecision;

    public sealed record Wait(WaitReason Reason) : PlacementDecision;
}

/// <summary>Why nobody was chosen.</summary>
internal enum WaitReason
{
    /// <summary>No usable worker serves the class, or all are too small for it.</summary>
    NoEligibleWorker,

    /// <summary>Every worker that serves the class is full.</summary>
    PoolFull,

    /// <summary>Some have free slots, but none has as many as the task takes.</summary>
    WaitingForRoom,
}

/// <summary>Chooses the worker for the next task of a class: lowest load, active before activated reserve.</summary>
/// <remarks>Pure: the same fleet always gives the same answer. Design section 5.</remarks>
internal static class LeastLoad
{
    public static PlacementDecision Choose(FleetIndex fleet, TaskClass taskClass)
    {
        var groups = fleet.Serving(taskClass);
        Worker? best = null;
        var eligible = 0;
        var any = false;

        foreach (var group in groups)
        {
            if (group.First is not { } first) continue;

            // Groups come active first: a reserve worker is looked at only when no active one has room.
            if (best is not null && group.Key.Reserve && best.Record.Role == Contracts.WorkerRole.Active) break;

            any = true;
            eligible += group.WithRoom;
            if (first.SlotsFree >= taskClass.Cost && (best is null || IsBetter(first, best))) best = first;
        }

        if (best is not null) return new PlacementDecision.Offer(best, eligible);
        return new PlacementDecision.Wait(!any ? WaitReason.NoEligibleWorker
            : eligible == 0 ? WaitReason.PoolFull
            : WaitReason.WaitingForRoom);
    }

    /// <summary>Ties go to the least recently chosen, then the smallest id: a rule, so that a simulation can repeat itself.</summary>
    private static bool IsBetter(Worker candidate, Worker best)
    {
        // Loads as fractions, compared without rounding.
        var byLoad = ((long)candidate.SlotsUsed * best.Record.Slots).CompareTo((long)best.SlotsUsed * candidate.Record.Slots);
        if (byLoad != 0) return byLoad < 0;

        var byTurn = candidate.LastChosen.CompareTo(best.LastChosen);
        return byTurn != 0 ? byTurn < 0 : string.CompareOrdinal(candidate.Id, best.Id) < 0;
    }
}
