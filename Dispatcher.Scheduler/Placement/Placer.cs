using Broker.Storage;

namespace Broker.Scheduler;

/// <summary>Gives queued tasks to workers, strictly by (priority, arrival) over the whole backlog.</summary>
internal static class Placer
{
    /// <summary>Offers of one turn; what is left goes on in the next one, so that reports are not kept waiting.</summary>
    public const int OffersPerTurn = 2_000;

    /// <summary>Places what can be placed. True if there may be more for the next turn.</summary>
    public static bool Place(TurnDraft turn)
    {
        var state = turn.State;
        var heads = new PriorityQueue<BacklogLine, Rank>(
            state.Backlog.Lines.Select(line => (line, Rank.Of(line.Head))));

        while (turn.Offers.Count < OffersPerTurn && heads.TryDequeue(out var line, out _))
        {
            // A line that has to wait is done for this turn: within a turn, room only shrinks.
            if (LeastLoad.Choose(state.Fleet, line.Class) is not PlacementDecision.Offer(var worker, var eligible)) continue;

            Offer(turn, line.Head, worker, eligible);
            if (line.Count > 0) heads.Enqueue(line, Rank.Of(line.Head));
        }
        return heads.Count > 0;
    }

    private static void Offer(TurnDraft turn, TaskRecord task, Worker worker, int eligible)
    {
        var token = new FenceToken(turn.State.Epoch, turn.State.NextOffer++);
        TaskLifecycle.Raise(turn, task, TaskLifecycle.Machine.Placed, new Placed(turn, worker, token, eligible));
        turn.Offers.Add((worker, task));
    }
}
