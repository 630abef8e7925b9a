using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Broker.TestKit;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>Row 39 of the faults: the disk of PostgreSQL is full.</summary>
[Collection(DatabaseFaults.Name)]
public sealed class FullDiskTests(FaultyDatabase database, ITestOutputHelper output)
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ApiClient Api => database.Api;

    [Fact]
    public async Task Tables_that_cannot_grow_stop_decisions_but_not_submissions_and_nothing_is_lost()
    {
        Assert.SkipUnless(database.Servers.PostgresDisk is not null, SmallDisk.SkipReason);
        var disk = database.Servers.PostgresDisk;
        var leader = await database.Broker.LeaderAsync();
        disk.Fill();

        // What can't be compressed, until a table would have to grow.
        var ids = new List<string>();
        await Eventually.Async(async () =>
        {
            ids.Add(await TakenAsync(Convert.ToBase64String(RandomNumberGenerator.GetBytes(150_000))));
            return leader.Output;
        }, log => log.Contains("The database is away; holding on. PostgreSQL can't be used now: 53100", StringComparison.Ordinal), "the leader says why it waits", Patience);
        var late = await TakenAsync("1");
        Assert.Equal("accepted", await Api.StateOfAsync(late));
        Assert.False(leader.HasExited);

        await RecoverAsync(disk, [.. ids, late]);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_crashes_PostgreSQL_and_nothing_is_lost()
    {
        Assert.SkipUnless(database.Servers.PostgresDisk is not null, SmallDisk.SkipReason);
        var disk = database.Servers.PostgresDisk;
        disk.Fill();

        var end = await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            while (true) await database.ExecuteAsync("SELECT pg_logical_emit_message(false, 'fill', repeat('x', 1000000))");
        });
        output.WriteLine($"PostgreSQL: {end.Message}");
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add(await TakenAsync("1"));

        await RecoverAsync(disk, ids);
    }

    private async Task<string> TakenAsync(string payload)
    {
        var (status, body) = await Api.TryPostAsync("/v1/tasks", new { type = "echo", payload });
        Assert.Equal(HttpStatusCode.Accepted, status);
        return (string)body["id"]!;
    }

    private async Task RecoverAsync(SmallDisk disk, List<string> ids)
    {
        disk.Free();
        if (!await AnswersAsync())
        {
            await database.Servers.KillAsync(BrokerServer.Postgres);
            await database.BackAsync(startIt: true);
        }

        var watch = Stopwatch.StartNew();
        await database.RunOneAsync(Patience);
        output.WriteLine($"The next task finished {watch.Elapsed.TotalSeconds:F1} s later; {ids.Count} had waited.");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, RecoveryLimit);
        await database.AssertSucceededOnceAsync(ids, Patience);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await database.ExecuteAsync("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
