using System.Globalization;
using Hangfire;
using Hangfire.Client;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Hangfire.Server;
using Hangfire.States;
using Npgsql;

namespace Broker.Bench.Peers;

/// <summary>Hangfire on PostgreSQL.</summary>
internal sealed class HangfirePeer : IPeer
{
    private const string Schema = "bench_hangfire";

    // Without the last two, DISCARD ALL at each of its thirty short connections a task makes PostgreSQL plan everything anew.
    private static readonly string Postgres =
        $"{Environment.GetEnvironmentVariable("BENCH_POSTGRES")};Maximum Pool Size=130;No Reset On Close=true;Max Auto Prepare=50";

    public HangfirePeer() =>
        // 1.8's own defaults; a culture that is the default is not stored with every job.
        GlobalConfiguration.Configuration.SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings().UseDefaultCulture(CultureInfo.InvariantCulture, CultureInfo.InvariantCulture, captureDefault: false);

    public async Task PrepareAsync()
    {
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        CreateStorage();
    }

    public Task<IAsyncDisposable> WorkAsync(Tally tally)
    {
        var options = new BackgroundJobServerOptions { WorkerCount = Settings.Number("BENCH_CONCURRENCY", 10) };
        var filters = JobFilterProviders.Providers;
        var changer = new RecordedStateChanger(new BackgroundJobStateChanger(filters), tally);
#pragma warning disable CS0618 // The only way to see a completion after its commit, short of asking the database.
        var server = new BackgroundJobServer(options, CreateStorage(), [], filters, JobActivator.Current,
            new BackgroundJobFactory(filters), new BackgroundJobPerformer(filters, JobActivator.Current), changer);
#pragma warning restore CS0618
        return Task.FromResult<IAsyncDisposable>(new HangfireServer(server));
    }

    public async Task<ILoad> OpenAsync(int connections)
    {
        await ExecuteAsync($"TRUNCATE {Schema}.job, {Schema}.state, {Schema}.jobparameter, {Schema}.jobqueue, {Schema}.counter, {Schema}.aggregatedcounter");
        return new HangfireLoad(new BackgroundJobClient(CreateStorage()));
    }

    private static PostgreSqlStorage CreateStorage()
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = Schema,
            // Its NOTIFY lets only one transaction commit at a time.
            EnableLongPolling = Settings.Number("BENCH_LONG_POLLING", 0) == 1,
            QueuePollInterval = TimeSpan.FromMilliseconds(Settings.Number("BENCH_POLL_MS", 50)),
            UseSlidingInvisibilityTimeout = true,
        };
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(Postgres, options), options);
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
