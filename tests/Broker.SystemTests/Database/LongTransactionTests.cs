using System.Data;
using System.Globalization;
using Broker.TestKit;
using Npgsql;

namespace Broker.SystemTests;

/// <summary>Row 38 of the faults: somebody leaves a transaction open, and no dead row can be removed.</summary>
[Collection(DatabaseFaults.Name)]
[Trait("Kind", "fault")]
public sealed class LongTransactionTests(FaultyDatabase database, ITestOutputHelper output)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(FullRun.Of(5, 60));
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(FullRun.Of(10, 300));
    private static readonly TimeSpan VacuumLimit = TimeSpan.FromMinutes(2);

    private const int WarmUpTasks = 10_000;

    /// <summary>Bytes up to which the growth of a table says nothing.</summary>
    private const long SmallTable = 16 << 20;

    /// <summary>A short window on a busy machine says little; the full one holds to what is promised.</summary>
    private static readonly double LeastShare = FullRun.Of(40, 80) / 100.0;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Throughput_stands_an_open_transaction_and_what_it_kept_is_removed_after_it()
    {
        database.Broker.StartAgent("fast-1", slots: 200, "--max-batch", "50");
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => LoadAsync(over.Token)));
        var warm = await database.FinishedAsync() + WarmUpTasks;
        await Eventually.Async(database.FinishedAsync, finished => finished > warm, "it is warm", Eventually.DefaultLimit * 2);
        var before = await RateAsync(Window);

        await using var open = new NpgsqlConnection($"{database.Broker.Postgres};Pooling=false");
        await open.OpenAsync(Cancel);
        await using var transaction = await open.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancel);
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM tasks", open)) await read.ExecuteScalarAsync(Cancel);
        var aging = await RateAsync(Age);
        var during = await RateAsync(Window);
        var kept = await SizesAsync();
        await transaction.RollbackAsync(Cancel);

        await Eventually.Async(MostDeadAsync, dead => dead < 20_000, "the dead rows are removed", VacuumLimit);
        var after = await RateAsync(Window);
        var sizes = await SizesAsync();
        await over.CancelAsync();
        await load;
        output.WriteLine($"tasks/s: {before:F0} before, {aging:F0} in the first {Age.TotalSeconds:F0} s, {during:F0} then, {after:F0} after; {kept} at its end, {sizes} later");

        Assert.True(during >= LeastShare * before, $"{during:F0} tasks/s instead of {before:F0}");
        Assert.InRange(sizes.Tasks, 0, Math.Max(SmallTable, kept.Tasks * 5 / 4));
        Assert.InRange(sizes.Leadership, 0, Math.Max(SmallTable, kept.Leadership * 5 / 4));
    }

    private async Task LoadAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var ids = await database.Api.SubmitAllAsync(Enumerable.Range(0, 500).Select(_ => new { type = "echo" }));
            await database.Api.WaitForAllAsync(ids, TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Finished tasks a second.</summary>
    private async Task<double> RateAsync(TimeSpan window)
    {
        var (before, start) = (await database.FinishedAsync(), TimeProvider.System.GetTimestamp());
        await Task.Delay(window, TimeProvider.System, Cancel);
        return (await database.FinishedAsync() - before) / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private Task<long> MostDeadAsync() => NumberAsync(
        "SELECT max(n_dead_tup) FROM pg_stat_user_tables WHERE relid IN ('tasks'::regclass, 'leadership'::regclass)");

    private async Task<(long Tasks, long Leadership)> SizesAsync() =>
        (await NumberAsync("SELECT pg_table_size('tasks')"), await NumberAsync("SELECT pg_table_size('leadership')"));

    private async Task<long> NumberAsync(string sql) =>
        long.Parse((await database.Broker.ReadAsync($"SELECT ({sql})::text")).Single(), CultureInfo.InvariantCulture);
}
