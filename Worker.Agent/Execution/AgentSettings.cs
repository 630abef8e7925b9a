namespace Broker.Agent;

/// <summary>What one worker is and how patient it is.</summary>
internal sealed record AgentSettings(WorkerRegistration Registration)
{
    /// <summary>Time that running attempts get when the worker stops.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time that handlers get to return once they are told to stop.</summary>
    public TimeSpan CancelLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time that the last reports get to be confirmed when the worker stops.</summary>
    public TimeSpan ReportLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that anything on the network may take.</summary>
    public TimeSpan NetworkLimit { get; init; } = TimeSpan.FromSeconds(20);
}
