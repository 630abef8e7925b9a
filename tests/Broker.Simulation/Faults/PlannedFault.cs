using System.Globalization;

namespace Broker.Simulation;

/// <summary>A fault of the schedule.</summary>
/// <param name="Number">From 1, in order of time; names it in <c>--without</c>.</param>
/// <param name="Target">Which scheduler or worker, modulo how many there are.</param>
/// <param name="Way">For cuts.</param>
/// <param name="Point">Where the leader dies.</param>
/// <param name="Calls">For points inside a list: how many items it gets through before.</param>
/// <param name="Keeps">Whether classic queues keep what they hold.</param>
internal sealed record PlannedFault(
    int Number, TimeSpan At, FaultKind Kind, int Target, TimeSpan Length, Way Way, CrashPoint Point, int Calls, bool Keeps)
{
    public override string ToString()
    {
        var what = Kind switch
        {
            FaultKind.LeaderDies => $" at {Point}" + (Calls > 0 ? $" after {Calls}" : ""),
            FaultKind.SchedulerKilled or FaultKind.SchedulerStopped or FaultKind.QueueDeleted or FaultKind.QueuePurged => "",
            FaultKind.SchedulerCutOff or FaultKind.WorkerCutOff => $" {Way} for {Seconds(Length)}",
            FaultKind.BrokerRestarts => $" after {Seconds(Length)}, classic queues {(Keeps ? "keep" : "lose")} their content",
            FaultKind.SchedulerClockJumps or FaultKind.WorkerClockJumps => $" by {(Keeps ? "" : "-")}{Seconds(Length)}",
            _ => $" for {Seconds(Length)}",
        };
        return $"#{Number} at {Seconds(At)}: {Kind}{(IsOfOne ? $" {Target}" : "")}{what}";
    }

    private bool IsOfOne => Kind is not (FaultKind.LeaderDies or FaultKind.LeaderPaused or FaultKind.DatabaseRestarts or FaultKind.BrokerRestarts);

    private static string Seconds(TimeSpan length) => $"{length.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";
}
