using System.Globalization;
using Broker.TestKit;

namespace Broker.Bench;

/// <summary>PostgreSQL, RabbitMQ and Redis of this benchmark alone.</summary>
internal sealed class BenchServers(PrivateServers servers) : IAsyncDisposable
{
    public string Postgres => servers.Postgres;

    public Uri RabbitMq => servers.RabbitMq;

    public Uri RabbitMqApi => servers.RabbitMqApi!;

    /// <summary>For peers: host and port.</summary>
    public string RedisAddress => servers.Redis;

    public MeasuredProcess Redis => Find("Redis", "redis");

    public IReadOnlyList<MeasuredProcess> Processes => [Find("PostgreSQL", "postgres"), Find("RabbitMQ", "rabbitmq")];

    public static async Task<BenchServers> StartAsync() =>
        new(await PrivateServers.StartAsync(BrokerServer.Postgres, BrokerServer.RabbitMq, BrokerServer.Redis));

    public ValueTask DisposeAsync() => servers.DisposeAsync();

    private MeasuredProcess Find(string role, string name) =>
        new(role, int.Parse(File.ReadAllText(Path.Combine(servers.Folder, name, "pid")).Split(' ')[0], CultureInfo.InvariantCulture));
}
