namespace Broker.Bench;

/// <summary>Draws that favor larger workers.</summary>
internal static class Tickets
{
    /// <summary>Each worker as often as it has slots, its turns spread evenly over a round.</summary>
    public static UnevenWorker[] BySlots(UnevenWorker[] fleet) =>
    [
        .. fleet.SelectMany(worker => Enumerable.Range(0, worker.Slots).Select(turn => (Worker: worker, At: (turn + 0.5) / worker.Slots)))
            .OrderBy(ticket => ticket.At).ThenBy(ticket => ticket.Worker.Number).Select(ticket => ticket.Worker),
    ];
}
