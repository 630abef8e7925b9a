namespace Broker.TestKit;

/// <summary>A server that <c>scripts/services</c> runs.</summary>
public enum BrokerServer
{
    RabbitMq,
    Postgres,

    /// <summary>For peers in the benchmark alone.</summary>
    Redis,
}
