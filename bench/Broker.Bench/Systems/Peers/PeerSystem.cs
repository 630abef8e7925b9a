using System.Text.Json;
using Npgsql;

namespace Broker.Bench;

/// <summary>A peer: its worker processes, and a producer process for each run.</summary>
internal sealed class PeerSystem(Peer peer, BenchServers servers) : ISystem
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    // In memory: what the workers write there must cost them next to nothing.
    private readonly DirectoryInfo _tally = Directory.CreateDirectory($"/dev/shm/broker-bench.{Guid.NewGuid():N}"[..32]);
    private readonly List<PeerProcess> _workers = [];

    public string Name => peer.Name;

    public string Durability => peer.Durability;

    public IReadOnlyList<MeasuredProcess> Processes =>
    [
        .. servers.Processes.Append(servers.Redis).Where(process => peer.Servers.Contains(process.Role)),
        .. _workers.Select(worker => new MeasuredProcess("workers", worker.Id)),
    ];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await RunAsync(cancellationToken, "prepare");
        for (var i = 0; i < peer.Workers; i++) _workers.Add(new PeerProcess(peer, Environment(), "worker"));
        foreach (var worker in _workers) await worker.WaitForAsync("ready", cancellationToken).WaitAsync(StartLimit, cancellationToken);
    }

    public async Task<BurstResult> BurstAsync(BurstPlan plan, CancellationToken cancellationToken) =>
        Read<BurstResult>(await RunAsync(cancellationToken, "burst", "--count", $"{plan.Tasks}", "--batch", $"{plan.Batch}", "--connections", $"{plan.Connections}"));

    public async Task<SteadyResult> SteadyAsync(SteadyPlan plan, CancellationToken cancellationToken) =>
        Read<SteadyResult>(await RunAsync(cancellationToken, "steady", "--rate", $"{plan.Rate}", "--seconds", $"{plan.Duration.TotalSeconds:F0}", "--connections", "64"));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_workers.Select(worker => worker.DisposeAsync().AsTask()));
        _tally.Delete(recursive: true);
    }

    private static TResult Read<TResult>(string json) => JsonSerializer.Deserialize<TResult>(json, JsonSerializerOptions.Web)!;

    private async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        await using var process = new PeerProcess(peer, Environment(), arguments);
        return await process.ReadAsync(cancellationToken);
    }

    private Dictionary<string, string> Environment()
    {
        var postgres = new NpgsqlConnectionStringBuilder(servers.Postgres);
        return new(peer.Environment)
        {
            ["BENCH_TALLY"] = _tally.FullName,
            ["BENCH_POSTGRES"] = servers.Postgres,
            ["BENCH_RABBITMQ"] = $"{servers.RabbitMq}",
            ["BENCH_REDIS"] = servers.RedisAddress,
            ["PGHOST"] = postgres.Host!,
            ["PGPORT"] = $"{postgres.Port}",
            ["PGUSER"] = postgres.Username!,
            ["PGDATABASE"] = postgres.Database!,
        };
    }
}
