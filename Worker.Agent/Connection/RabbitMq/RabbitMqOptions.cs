namespace Broker.Agent;

/// <summary>Where RabbitMQ is and how its connections are used.</summary>
internal sealed record RabbitMqOptions(Uri Address)
{
    /// <summary>Workers that share a group of connections: three, or two for a worker alone.</summary>
    public int WorkersPerGroup { get; init; } = 100;

    /// <summary>Time a publish may wait for its confirm; then its connections are given up.</summary>
    public TimeSpan ConfirmLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Shown in the management UI.</summary>
    public string Name { get; init; } = "broker-agent";
}
