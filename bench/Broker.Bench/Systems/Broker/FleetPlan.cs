namespace Broker.Bench;

/// <param name="Workers">In all processes together.</param>
/// <param name="MaxBatch">Offers a worker takes in one message.</param>
internal sealed record FleetPlan(int Workers, int Slots, int MaxBatch, int Processes = 1, string? Label = null);
