using System.Diagnostics;
using System.Net;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>Row 37 of the faults: others hold every connection PostgreSQL allows.</summary>
[Collection(DatabaseFaults.Name)]
public sealed class ConnectionTests(FaultyDatabase database, ITestOutputHelper output)
{
    private readonly List<NpgsqlConnection> _held = [];

    private ApiClient Api => database.Api;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_free_connection_reads_fail_fast_tasks_are_taken_and_all_goes_on_when_there_is_one()
    {
        var leader = await database.Broker.LeaderAsync();
        await HoldAllAsync();
        output.WriteLine($"{_held.Count} connections held");

        var watch = Stopwatch.StartNew();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Api.StatusOfAsync("/v1/tasks"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        var (status, task) = await Api.TryPostAsync("/v1/tasks", new { type = "echo" });
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.False(leader.HasExited);

        watch.Restart();
        foreach (var connection in _held) await connection.DisposeAsync();
        await Api.WaitForStateAsync((string)task["id"]!, "succeeded");
        output.WriteLine($"goes on after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Same(leader, await database.Broker.LeaderAsync());
    }

    /// <summary>Takes what is free, then what Broker has, until nothing of it is left.</summary>
    private async Task HoldAllAsync()
    {
        for (var others = 1L; others > 0;)
        {
            var refusal = await TakeFreeAsync();
            Assert.Contains("too many clients", refusal.MessageText, StringComparison.Ordinal);
            await using var end = new NpgsqlCommand("""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND application_name <> 'hog'
                """, _held[0]);
            others = (long)(await end.ExecuteScalarAsync(Cancel))!;
        }
    }

    private async Task<PostgresException> TakeFreeAsync()
    {
        while (true)
        {
            var connection = new NpgsqlConnection($"{database.Broker.Postgres};Pooling=false;Application Name=hog");
            try
            {
                await connection.OpenAsync(Cancel);
                _held.Add(connection);
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return refusal;
            }
        }
    }
}
