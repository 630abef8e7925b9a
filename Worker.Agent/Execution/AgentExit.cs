namespace Broker.Agent;

/// <summary>How a worker came to its end.</summary>
internal enum AgentExit
{
    /// <summary>It was asked to.</summary>
    Stopped,

    /// <summary>A newer session of its id exists: another process took its place.</summary>
    Replaced,

    /// <summary>Broker does not want it as it is.</summary>
    Refused,
}
