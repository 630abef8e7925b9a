namespace Broker.Contracts;

/// <summary>The only place that builds queue names. Operators meet them in the RabbitMQ management UI.</summary>
/// <param name="Prefix">Put before every name; empty outside tests. Tests isolate themselves with it.</param>
/// <param name="Shard">Number of the shard whose shared queues are meant, from 0.</param>
public sealed record QueueNames(string Prefix = "", int Shard = 0)
{
    /// <summary>Tasks on their way from the API to the scheduler; quorum.</summary>
    public string Submissions => $"{Prefix}broker.{Shard}.submissions";

    /// <summary>Requests from the API that want an answer; quorum.</summary>
    public string Commands => $"{Prefix}broker.{Shard}.commands";

    /// <summary>What workers say about their attempts; quorum.</summary>
    public string Reports => $"{Prefix}broker.{Shard}.reports";

    /// <summary>Signs of life; classic, 15 s TTL, drop-head.</summary>
    public string Beats => $"{Prefix}broker.{Shard}.beats";

    /// <summary>What RabbitMQ itself gives up, as dead letters; quorum. What we can't read goes to the table of that name.</summary>
    public string Quarantine => $"{Prefix}broker.{Shard}.quarantine";

    /// <summary>The worker's own queue; classic, durable, expires when unused.</summary>
    public string Worker(string workerId) => $"{Prefix}broker.w.{workerId}";
}
