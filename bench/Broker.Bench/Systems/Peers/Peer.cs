namespace Broker.Bench;

/// <summary>A system Broker is compared with, set up as its own documentation says is fastest; see bench/peers/README.md.</summary>
/// <param name="Command">What its verbs are given to, with the repository as folder.</param>
/// <param name="Servers">Those it runs on, by their roles.</param>
/// <param name="Workers">Worker processes.</param>
internal sealed record Peer(string Name, string Durability, string[] Command, string[] Servers, int Workers = 1)
{
    private const string Confirmed = "persistent messages in a durable queue, publisher confirms";

    /// <summary>What it needs beyond the addresses of the servers.</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    private static string[] DotNet => ["dotnet", Path.GetRelativePath(TestKit.BrokerProcess.Root, TestKit.BrokerProcess.PathOf("bench/peers/dotnet", "Broker.Bench.Peers"))];

    public static IReadOnlyList<Peer> All { get; } =
    [
        new("Hangfire", "each job, its states and result in PostgreSQL, synchronous_commit on; kept for a day",
            [.. DotNet, "hangfire"], ["PostgreSQL"]),
        new("Celery, results", $"{Confirmed}, acknowledged before the task runs; each result in PostgreSQL, synchronous_commit on; kept for a day",
            ["/usr/bin/python3", "bench/peers/celery/peer.py"], ["RabbitMQ", "PostgreSQL"])
        { Environment = new() { ["BENCH_RESULTS"] = "1" } },
        new("Celery, no results", $"{Confirmed}, acknowledged before the task runs; no result, no history",
            ["/usr/bin/python3", "bench/peers/celery/peer.py"], ["RabbitMQ"]),
        new("BullMQ, everysec", "append-only file, fsync once a second; no history",
            ["node", "bench/peers/node/bullmq.mjs"], ["Redis"]),
        new("BullMQ, always", "append-only file, fsync before every answer; no history",
            ["node", "bench/peers/node/bullmq.mjs"], ["Redis"])
        { Environment = new() { ["BENCH_APPENDFSYNC"] = "always" } },
        new("graphile-worker", "each job in PostgreSQL, synchronous_commit on; deleted when done, in batches; no history",
            ["node", "bench/peers/node/graphile.mjs"], ["PostgreSQL"])
        { Environment = new() { ["NO_LOG_SUCCESS"] = "1" } },
        new("RabbitMQ alone", "persistent messages in a quorum queue, publisher confirms, acknowledged when done; no result, no history",
            [.. DotNet, "rabbitmq"], ["RabbitMQ"]),
    ];
}
