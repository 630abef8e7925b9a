using System.Text;
using System.Text.Json;

namespace Broker.Bench;

/// <summary>Reads every meter before and after a burst.</summary>
internal static class CostMeter
{
    /// <summary>RabbitMQ's own statistics are that old.</summary>
    private static readonly TimeSpan StatisticsAge = TimeSpan.FromSeconds(7);

    public static async Task<CostRow> MeasureAsync(BrokerSystem broker, string load, BurstPlan plan, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(broker, cancellationToken);
        var burst = await BurstSample.MeasureAsync(broker, plan, cancellationToken);
        var after = await ReadAsync(broker, cancellationToken);
        return new CostRow(load, burst.TasksPerSecond, burst.CpuMicros, CpuClock.ReadMemory(broker.Processes), burst.TasksPerTurn,
            PerTask(after.Wal - before.Wal), PerTask(after.Messages - before.Messages));

        double PerTask(long count) => count / (double)plan.Tasks;
    }

    private static async Task<(long Wal, long Messages)> ReadAsync(BrokerSystem broker, CancellationToken cancellationToken)
    {
        var wal = await broker.CountAsync("SELECT wal_bytes FROM pg_stat_wal", cancellationToken);
        await Task.Delay(StatisticsAge, TimeProvider.System, cancellationToken);
        return (wal, await PublishedAsync(broker.RabbitMqApi, cancellationToken));
    }

    private static async Task<long> PublishedAsync(Uri api, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = api };
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest")));
        using var overview = JsonDocument.Parse(await client.GetStringAsync("api/overview", cancellationToken));
        var stats = overview.RootElement.GetProperty("message_stats");
        return stats.TryGetProperty("publish", out var count) ? count.GetInt64() : 0;
    }
}
