using System.Diagnostics;
using System.Globalization;
using Broker.TestKit;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>A running Broker with an agent, on a PostgreSQL of its own that its tests may harm. One test at a time; each leaves it whole.</summary>
public sealed class FaultyDatabase : IAsyncLifetime
{
    /// <summary>How long PostgreSQL itself may take to be back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public PrivateServers Servers { get; private set; } = null!;

    public ServerBroker Broker { get; private set; } = null!;

    public ApiClient Api => Broker.Api;

    public async ValueTask InitializeAsync()
    {
        Servers = await PrivateServers.StartPostgresOnDiskAsync(megabytes: FullRun.Of(500, 3_000));
        Broker = await ServerBroker.StartAsync(servers: Servers);
        // So little that a full disk finds no room in logs kept for later.
        await ExecuteAsync("ALTER SYSTEM SET max_wal_size = '64MB'");
        await ExecuteAsync("ALTER SYSTEM SET min_wal_size = '32MB'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        Broker.StartAgent("bot", slots: 8);
        await RunOneAsync(Patience);
    }

    /// <summary>Starts PostgreSQL unless it came back by itself, and waits until it answers.</summary>
    public async Task BackAsync(bool startIt)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (startIt) await Servers.StartAgainAsync(BrokerServer.Postgres);
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException && watch.Elapsed < Patience)
            {
                // It recovers, or what a crash left of it has not ended yet.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    /// <summary>Waits for one more task to finish; how long that took.</summary>
    public async Task<TimeSpan> NextCompletionAsync(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        var before = await FinishedAsync();
        await Eventually.Async(FinishedAsync, finished => finished > before, "one more task finishes", limit);
        return watch.Elapsed;
    }

    public async Task<long> FinishedAsync() =>
        long.Parse((await Broker.ReadAsync("SELECT count(*)::text FROM task_history")).Single(), CultureInfo.InvariantCulture);

    /// <summary>Waits until each has succeeded, and makes sure that none did so twice.</summary>
    public async Task AssertSucceededOnceAsync(IReadOnlyCollection<string> ids, TimeSpan limit)
    {
        var states = await Api.WaitForAllAsync(ids, limit);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        Assert.Equal([], await Broker.ReadAsync("""
            SELECT task_id::text FROM task_events, json_array_elements(transitions) AS step
            WHERE step ->> 'event' = 'succeeded' GROUP BY task_id HAVING count(*) <> 1
            """));
    }

    /// <summary>Hands in a task, and waits until it has succeeded.</summary>
    public async Task RunOneAsync(TimeSpan limit) => await Api.WaitForStateAsync(await Api.SubmitAsync(new { type = "echo" }), "succeeded", limit);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{Broker.Postgres};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Broker is not null) await Broker.DisposeAsync();
        if (Servers is not null) await Servers.DisposeAsync();
    }
}
