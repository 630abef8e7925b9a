using System.Security.Cryptography;
using Broker.TestKit;
using Microsoft.Data.Sqlite;

namespace Broker.SystemTests;

/// <summary>A data folder that can't be trusted is refused, in a sentence, and left as it is.</summary>
public sealed class DataFolderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("garbage in its header")]
    [InlineData("pages overwritten")]
    [InlineData("second half cut off")]
    [InlineData("something else altogether")]
    public async Task Damage_is_refused_at_the_start_and_nothing_is_changed(string damage)
    {
        await using var dev = new DevProcess();
        await FillAsync(dev);
        var spoiled = Spoil(await File.ReadAllBytesAsync(dev.Database, Cancel), damage);
        await File.WriteAllBytesAsync(dev.Database, spoiled, Cancel);

        var process = dev.Start();

        Assert.NotEqual(0, await process.WaitForExitAsync(Patience));
        AssertExplains(process.Output, dev.Database, "a copy of");
        Assert.Equal(spoiled, await File.ReadAllBytesAsync(dev.Database, Cancel));
    }

    [Fact]
    public async Task Damage_found_while_it_runs_ends_it_with_the_same_sentence()
    {
        await using var dev = new DevProcess();
        await FillAsync(dev);
        var process = await dev.StartReadyAsync();

        // Beyond the header, which the running process may have in its cache: whatever it reads or writes next.
        await using (var file = new FileStream(dev.Database, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 4_096;
            await file.WriteAsync(RandomNumberGenerator.GetBytes((int)file.Length - 4_096), Cancel);
        }
        await Eventually.Async(async () =>
        {
            if (!process.HasExited) await dev.Api.GetAsync("/v1/tasks?limit=100");
            return process.HasExited;
        }, ended => ended, "the process ends", Patience);

        Assert.NotEqual(0, process.ExitCode);
        AssertExplains(process.Output, dev.Database, "a copy of");
    }

    [Fact]
    public async Task A_folder_of_a_later_version_is_refused_and_one_it_merely_expanded_is_not()
    {
        await using var dev = new DevProcess();
        await FillAsync(dev);
        Execute(dev.Database, "INSERT INTO schema_migrations VALUES ('29990101000000_ExpandTasks', '99.0.0')");
        await (await dev.StartReadyAsync()).KillAsync();

        Execute(dev.Database, "INSERT INTO schema_migrations VALUES ('29990102000000_ContractTasks', '99.0.0')");
        var process = dev.Start();

        Assert.NotEqual(0, await process.WaitForExitAsync(Patience));
        AssertExplains(process.Output, "29990102000000_ContractTasks", "Start the version that made it");
    }

    private static byte[] Spoil(byte[] bytes, string damage) => damage switch
    {
        "garbage in its header" => [.. RandomNumberGenerator.GetBytes(512), .. bytes[512..]],
        "pages overwritten" => [.. bytes[..16_384], .. RandomNumberGenerator.GetBytes(32_768), .. bytes[49_152..]],
        "second half cut off" => bytes[..(bytes.Length / 2)],
        _ => RandomNumberGenerator.GetBytes(100_000),
    };

    private static async Task FillAsync(DevProcess dev)
    {
        var process = await dev.StartReadyAsync();
        var payload = new string('x', 1_000);
        var ids = await dev.Api.SubmitAllAsync(Enumerable.Range(0, 200).Select(_ => new { type = "echo", payload }));
        await dev.Api.WaitForAllAsync(ids, Patience);
        await process.SignalAsync("TERM");
        Assert.True(await process.WaitForExitAsync(Patience) == 0, process.Output);
    }

    private static void AssertExplains(string output, string what, string remedy)
    {
        Assert.Contains(what, output, StringComparison.Ordinal);
        Assert.Contains(remedy, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", output, StringComparison.Ordinal);
    }

    private static void Execute(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
