using System.Diagnostics;
using System.Net;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>PostgreSQL goes away under load and comes back.</summary>
[Collection(DatabaseFaults.Name)]
public sealed class RestartTests(FaultyDatabase database, ITestOutputHelper output)
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private PrivateServers Servers => database.Servers;

    /// <summary>Row 33 of the faults.</summary>
    [Fact]
    public Task PostgreSQL_restarted_three_times_under_load_loses_nothing_and_work_goes_on_by_itself() =>
        RunAsync(("restart", RestartAsync), ("restart", RestartAsync), ("restart", RestartAsync));

    /// <summary>Row 34 of the faults.</summary>
    [Fact]
    public async Task PostgreSQL_that_crashes_under_load_loses_nothing_and_work_goes_on_by_itself()
    {
        Assert.Equal(["on"], await database.Broker.ReadAsync("SHOW fsync"));
        Assert.Equal(["on"], await database.Broker.ReadAsync("SHOW synchronous_commit"));
        Assert.Equal(["on"], await database.Broker.ReadAsync("SHOW full_page_writes"));

        await RunAsync(("immediate stop", CrashAsync), ("kill -9 of the leader's backend", KillBackendAsync), ("kill -9 of the postmaster", KillPostmasterAsync));
    }

    [Fact]
    public async Task A_scheduler_started_while_PostgreSQL_is_away_waits_for_it()
    {
        var before = await database.Broker.LeaderAsync();
        await Servers.StopAsync(BrokerServer.Postgres);
        await before.KillAsync();
        var scheduler = database.Broker.StartScheduler();
        await Eventually.Async(() => Task.FromResult(scheduler.Output),
            text => text.Contains("The database can't be reached; trying on.", StringComparison.Ordinal), "it says that it waits", Patience);

        await database.BackAsync(startIt: true);

        Assert.Same(scheduler, await database.Broker.LeaderAsync(except: before));
        await database.RunOneAsync(Patience);
    }

    private async Task RunAsync(params (string Name, Func<Task> DoAsync)[] faults)
    {
        var leader = await database.Broker.LeaderAsync();
        using var load = new SubmissionLoad(database.Api, senders: 4, pause: TimeSpan.FromMilliseconds(100));
        var ids = await database.Api.SubmitAllAsync(Enumerable.Range(0, 2_000).Select(_ => new { type = "sleep", payload = new { ms = 20 } }));

        foreach (var (name, doAsync) in faults)
        {
            for (var i = 0; i < 5; i++) await database.NextCompletionAsync(Patience);
            var watch = Stopwatch.StartNew();
            await doAsync();
            var away = watch.Elapsed;
            var recovery = await database.NextCompletionAsync(Patience);
            output.WriteLine($"{name}: away {away.TotalSeconds:F1} s, the next task finished {recovery.TotalSeconds:F1} s later");
            Assert.InRange(recovery, TimeSpan.Zero, RecoveryLimit);
        }

        await load.StopAsync();
        await database.AssertSucceededOnceAsync([.. ids, .. load.Taken], Patience);
        Assert.Equal([HttpStatusCode.Accepted], load.Statuses);
        Assert.Same(leader, await database.Broker.LeaderAsync());
        Assert.False(leader.HasExited);
    }

    private async Task RestartAsync()
    {
        await Servers.StopAsync(BrokerServer.Postgres);
        await database.BackAsync(startIt: true);
    }

    private async Task CrashAsync()
    {
        await Servers.KillAsync(BrokerServer.Postgres);
        await database.BackAsync(startIt: true);
    }

    /// <summary>The postmaster then ends all backends and recovers by itself.</summary>
    private async Task KillBackendAsync()
    {
        var pid = (await database.Broker.ReadAsync("SELECT backend_pid::text FROM leadership")).Single();
        await KillAsync(pid);
        // Until its parent has seen it, connections are taken that it then ends.
        await Eventually.Async(() => Task.FromResult(Directory.Exists($"/proc/{pid}")), exists => !exists, "the postmaster sees its end", Patience);
        await database.BackAsync(startIt: false);
    }

    private async Task KillPostmasterAsync()
    {
        await KillAsync(File.ReadLines(Path.Combine(Servers.PostgresFolder, "data", "postmaster.pid")).First());
        await database.BackAsync(startIt: true);
    }

    private static async Task KillAsync(string pid)
    {
        await using var kill = BrokerProcess.Start("kill", ["-9", pid]);
        Assert.Equal(0, await kill.WaitForExitAsync(Patience));
    }
}
