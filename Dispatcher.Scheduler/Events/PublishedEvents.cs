namespace Broker.Scheduler;

/// <summary>Which domain events go out over RabbitMQ.</summary>
public enum PublishedEvents
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those of workers and reserves: few, and what autoscalers follow.</summary>
    Fleet,

    /// <summary>Those of every task too: several messages a task.</summary>
    All,
}
