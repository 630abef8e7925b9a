namespace Broker.Chaos;

/// <summary>What a fault is done to.</summary>
internal enum FaultCategory
{
    Worker,
    Scheduler,
    Api,
    RabbitMq,
    Postgres,

    /// <summary>The one process of embedded mode.</summary>
    Embedded,
}
