namespace Broker.Simulation;

/// <summary>Directions in which a machine's network passes nothing.</summary>
[Flags]
internal enum Way
{
    None = 0,

    /// <summary>What it sends is lost.</summary>
    Out = 1,

    /// <summary>What is sent to it is lost.</summary>
    In = 2,

    Both = Out | In,
}
