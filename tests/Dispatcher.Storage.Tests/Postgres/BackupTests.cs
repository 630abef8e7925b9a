using System.Diagnostics;
using System.Text.RegularExpressions;
using Broker.TestKit;
using Npgsql;

namespace Broker.Storage.Tests;

/// <summary>Row 36 of the faults: the way back to a backup, with the commands of <c>docs/operations.md</c>.</summary>
public sealed partial class BackupTests : IAsyncLifetime
{
    private readonly NpgsqlConnectionStringBuilder _server = new(TestServices.Postgres) { Pooling = false };
    private readonly string _database = $"test_{Guid.NewGuid():N}";
    private readonly string _folder = Directory.CreateTempSubdirectory("broker-backup-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = _database }.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        await RunAsync($"createdb {_database}");
        await new PostgresMigrator(ConnectionString).MigrateAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync($"dropdb --force {_database}");
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_backup_put_back_as_the_page_says_has_all_it_held_and_its_epochs_and_offers_are_newer_than_all_that_were()
    {
        var (kept, gone) = (Some.Task(), Some.Task());
        await LeadAsync(leader => leader.CommitAsync(turn => turn.Inserted.Add((kept, "7"u8.ToArray()))));
        await RunAsync($"pg_dump -Fc -f backup.dump {_database}");
        var (epoch, offer) = (0, 0L);
        for (var i = 0; i < 3; i++)
        {
            await LeadAsync(async leader =>
            {
                leader.Counters = leader.Counters with { Offer = offer = leader.Counters.Offer + 100, Event = leader.Counters.Event + 100 };
                await leader.CommitAsync(turn => turn.Inserted.Add((i == 0 ? gone : Some.Task(), null)));
                epoch = leader.Epoch;
            });
        }

        await RunAsync(WayBack());

        await LeadAsync(async leader =>
        {
            Assert.InRange(leader.Epoch, epoch + 1, int.MaxValue);
            Assert.InRange(leader.Counters.Offer, offer, long.MaxValue);
            Assert.NotNull(await leader.LoadAsync(kept.Id));
            Assert.Null(await leader.LoadAsync(gone.Id));
            await leader.CommitAsync(turn => turn.Finished.Add(Some.Finish(kept)));
        });
    }

    /// <summary>The page's commands, for this test's database.</summary>
    private string WayBack()
    {
        var page = File.ReadAllText(Path.Combine(BrokerProcess.Root, "docs", "operations.md"));
        var commands = Commands().Matches(page).Select(match => match.Groups["commands"].Value).Single(text => text.Contains("pg_restore", StringComparison.Ordinal));
        return Regex.Replace(commands, @"(?<=createdb |dropdb |-d )broker\b", _database);
    }

    private async Task LeadAsync(Func<Leader, Task> act)
    {
        await using var store = new PostgresSchedulerStore(ConnectionString);
        await using var leader = await Leader.AcquireAsync(store);
        await act(leader);
    }

    private async Task RunAsync(string commands)
    {
        var start = new ProcessStartInfo("sh", ["-ec", commands]) { WorkingDirectory = _folder, RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGPORT"]) = (_server.Host, $"{_server.Port}");
        (start.Environment["PGUSER"], start.Environment["PGPASSWORD"]) = (_server.Username, _server.Password);
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, $"{commands}\n{errors}");
    }

    [GeneratedRegex(@"```sh\n(?<commands>[^`]+)```")]
    private static partial Regex Commands();
}
