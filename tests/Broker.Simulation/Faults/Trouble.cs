namespace Broker.Simulation;

/// <summary>What may go wrong all the time, beside the scheduled faults.</summary>
[Flags]
internal enum Trouble
{
    None = 0,

    /// <summary>Calls to the database that fail.</summary>
    Store = 1,

    /// <summary>Messages lost, doubled and late.</summary>
    Network = 2,

    /// <summary>Operators and clients that meddle.</summary>
    People = 4,
}
