using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Broker.TestKit;
using Microsoft.Data.Sqlite;

namespace Broker.SystemTests;

/// <summary>Row 39 of the faults, embedded: the disk of the data folder is full.</summary>
public sealed class FullDataFolderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broker_dev_refuses_tasks_while_the_disk_is_full_and_goes_on_when_there_is_room()
    {
        var folder = Directory.CreateTempSubdirectory("broker-full-").FullName;
        await using var disk = await SmallDisk.MountAsync(folder, megabytes: 20);
        Assert.SkipUnless(disk is not null, SmallDisk.SkipReason);
        await using var dev = new DevProcess(Path.Combine(folder, "data"));
        var process = await dev.StartReadyAsync();
        var taken = new List<string> { await dev.Api.SubmitAsync(new { type = "echo" }) };

        disk.Fill();
        var refusal = await RefusalAsync(dev, taken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refusal.StatusCode);
        Assert.NotNull(refusal.Headers.RetryAfter);
        Assert.False(process.HasExited, process.Output);

        disk.Free();
        taken.Add(await Eventually.Async(() => dev.Api.SubmitAsync(new { type = "echo" }), _ => true, "tasks are taken again"));
        var states = await dev.Api.WaitForAllAsync(taken, Patience);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        await process.SignalAsync("TERM");
        Assert.True(await process.WaitForExitAsync(Patience) == 0, process.Output);
        using var connection = new SqliteConnection($"Data Source={dev.Database};Pooling=False");
        connection.Open();
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", check.ExecuteScalar());
    }

    /// <summary>Hands in what needs room until it is refused.</summary>
    private static async Task<HttpResponseMessage> RefusalAsync(DevProcess dev, List<string> taken)
    {
        while (true)
        {
            var payload = Convert.ToBase64String(RandomNumberGenerator.GetBytes(100_000));
            var response = await dev.Api.Http.PostAsJsonAsync("/v1/tasks", new { type = "echo", payload }, Cancel);
            if (response.StatusCode != HttpStatusCode.Accepted) return response;
            taken.Add((string)(await response.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>(Cancel))!["id"]!);
        }
    }
}
