namespace Broker.Simulation;

/// <summary>Two inputs that reach the leader in the same turn or in adjacent ones, in either order.</summary>
internal enum RaceKind
{
    CancelAgainstComplete,
    DrainAgainstOffer,
    RegisterAgainstLost,
}
