using System.Diagnostics;
using System.Globalization;
using Broker.TestKit;
using Microsoft.Data.Sqlite;

namespace Broker.Bench;

/// <summary>Broker in one process, started as its users start it, on an empty folder on disk.</summary>
internal static class EmbeddedSize
{
    public static async Task<SizeRow> MeasureAsync(int workers, int slots, BurstPlan burst, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("broker-bench.").FullName;
        try
        {
            return await MeasureAsync(folder, workers, slots, burst, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<SizeRow> MeasureAsync(string folder, int workers, int slots, BurstPlan burst, CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        var watch = Stopwatch.StartNew();
        await using var broker = BrokerProcess.Start(Path.Combine(BrokerProcess.Root, "broker"),
            ["dev", "--port", $"{port}", "--data", folder, "--workers", $"{workers}", "--slots", $"{slots}"]);
        await Eventually.Async(() => Task.FromResult(broker.Output), output => output.Contains("Broker runs.", StringComparison.Ordinal), "broker dev is ready");
        var ready = watch.Elapsed;

        var rounds = new List<double>();
        for (var round = 0; round < 3; round++)
            rounds.Add((await new BrokerBurst(new Uri($"http://127.0.0.1:{port}"), burst, _ => LastFinishedAsync(folder, cancellationToken))
                .RunAsync(cancellationToken)).TasksPerSecond);
        return new SizeRow($"broker dev --workers {workers} --slots {slots}", rounds.Count * burst.Tasks, ready.TotalSeconds,
            new Samples(rounds).Median, ProcessMemory.Of(broker.Id));
    }

    private static async Task<DateTimeOffset> LastFinishedAsync(string folder, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "broker.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT max(finished_at) FROM task_history";
        return new DateTimeOffset(Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture), TimeSpan.Zero);
    }
}
