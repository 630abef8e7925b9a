namespace Broker.Bench;

/// <param name="Number">Its place in the fleet, from 0.</param>
/// <param name="Speed">Work of a second that each of its slots does in a second. No contender is told.</param>
internal sealed record UnevenWorker(int Number, int Slots, double Speed);
