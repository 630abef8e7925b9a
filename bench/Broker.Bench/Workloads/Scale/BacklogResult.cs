namespace Broker.Bench;

internal sealed record BacklogResult(IReadOnlyList<RestartRow> Restarts, IReadOnlyList<ScaleRow> Bursts, IReadOnlyList<UrgentRow> Urgent);

/// <param name="FirstOfferSeconds">From the start of the scheduler's process until its first offer is in the database.</param>
/// <param name="Scheduler">When what anybody may do was done.</param>
internal sealed record RestartRow(int Queued, double FillSeconds, double FirstOfferSeconds, ProcessMemory Scheduler);

/// <param name="StartMs">Of single tasks of priority 9, one after the other: from the request until its handler is entered.</param>
/// <param name="DrainPerSecond">Tasks of the backlog offered meanwhile.</param>
/// <param name="Slots">Of the workers that may do them: free, or busy with what.</param>
internal sealed record UrgentRow(int Queued, string Slots, UrgentMs StartMs, double DrainPerSecond);

internal sealed record UrgentMs(double P50, double Most);
