using Npgsql;

namespace Broker.SystemTests;

/// <summary>When reserve workers come in and when they leave.</summary>
public sealed class ReserveTests(SharedServer server) : PoolTests(server)
{
    private static readonly object Role = new { role = "reserve" };

    [Fact]
    public async Task No_reserve_worker_gets_a_task_while_an_active_one_has_room()
    {
        var active = await BotAsync("active", new { slots = 4 });
        var reserve = await BotAsync("reserve", new { slots = 4, role = "reserve" });
        await Api.PostAsync($"/v1/workers/{reserve.Id}/activate", new { reason = "all hands" });

        for (var i = 0; i < 20; i++)
        {
            var ids = await SubmitManyAsync(1 + i % 4);
            foreach (var id in ids) Assert.Equal("active", await OfferedToAsync(id));
            await active.CompleteAsync(ids.Count);
        }

        foreach (var id in await SubmitManyAsync(4)) Assert.Equal("active", await OfferedToAsync(id));
        Assert.Equal("reserve", await OfferedToAsync(await SubmitAsync()));
    }

    [Fact]
    public async Task A_reserve_worker_that_was_not_activated_gets_nothing()
    {
        await BotAsync("active");
        await BotAsync("reserve", Role);
        await OfferedToAsync(await SubmitAsync());
        var waiting = await SubmitAsync();

        await WhyWaitsAsync(waiting, "pool-full");
        await Api.PostAsync($"/v1/workers/{Pool}-reserve/activate", new { reason = "rush hour" });
        Assert.Equal("reserve", await OfferedToAsync(waiting));
        Assert.Equal("rush hour", (string?)(await WorkerAsync("reserve"))["reason"]);
    }

    [Fact]
    public async Task Gradual_activates_one_by_one_and_quiet_returns_them()
    {
        await SetReserveAsync(new { policy = "gradual", reviewEvery = "1s", backlogAbove = 2, coolDown = "1s" });
        var bots = await FleetAsync();

        await SubmitManyAsync(12);
        var activations = await ChangesAsync("activated", 3);
        Assert.Equal(3, activations.Select(change => change.At).Distinct().Count());
        // The active worker has one of the twelve; each activated one takes another.
        Assert.Equal(["11 tasks wait", "10 tasks wait", "9 tasks wait"], activations.Select(change => change.Reason.Split(',')[0]));

        await DrainAsync(bots, 12);
        var returns = await ChangesAsync("deactivated", 3);
        Assert.All(returns, change => Assert.StartsWith("quiet for", change.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Target_activates_at_once_and_quiet_returns_them()
    {
        await SetReserveAsync(new { policy = "target", reviewEvery = "1s", backlogAbove = 2, coolDown = "1s", period = "1s" });
        var bots = await FleetAsync();

        await SubmitManyAsync(12);
        var activations = await ChangesAsync("activated", 3);
        Assert.Single(activations.Select(change => change.At).Distinct());

        await DrainAsync(bots, 12);
        await ChangesAsync("deactivated", 3);
        foreach (var bot in bots.Skip(1)) Assert.False((bool)(await Api.GetAsync($"/v1/workers/{bot.Id}"))["activated"]!);
    }

    /// <summary>One active worker and three reserve ones, a slot each.</summary>
    private async Task<List<HttpBot>> FleetAsync() =>
        [await BotAsync("active"), await BotAsync("r1", Role), await BotAsync("r2", Role), await BotAsync("r3", Role)];

    /// <summary>All bots work until so many tasks are done.</summary>
    private static async Task DrainAsync(List<HttpBot> bots, int count)
    {
        for (var done = 0; done < count;)
            foreach (var bot in bots)
                foreach (var _ in await bot.GivenAsync())
                {
                    await bot.SucceedAsync(await bot.StartNextAsync());
                    done++;
                }
    }

    /// <summary>Changes of the pool's reserve as they were recorded, once there are so many and one more review has changed nothing.</summary>
    private async Task<List<(DateTimeOffset At, string Worker, string Reason)>> ChangesAsync(string kind, int count)
    {
        await using var source = NpgsqlDataSource.Create(Broker.Postgres);
        var changes = await TestKit.Eventually.Async(() => ReadAsync(source, kind), changes => changes.Count >= count, $"{count} {kind}");
        await TestKit.Eventually.Async(NowAsync, now => now > changes[^1].At + TimeSpan.FromSeconds(2.5), "one more review");
        changes = await ReadAsync(source, kind);
        Assert.Equal((count, count), (changes.Count, changes.Select(change => change.Worker).Distinct().Count()));
        return changes;

        async Task<DateTimeOffset> NowAsync()
        {
            await using var now = source.CreateCommand("SELECT clock_timestamp()");
            return new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync())!);
        }
    }

    private async Task<List<(DateTimeOffset At, string Worker, string Reason)>> ReadAsync(NpgsqlDataSource source, string kind)
    {
        await using var command = source.CreateCommand("SELECT at, worker, reason FROM fleet_events WHERE pool = $1 AND kind = $2 ORDER BY seq");
        command.Parameters.Add(new() { Value = Pool });
        command.Parameters.Add(new() { Value = kind });
        await using var reader = await command.ExecuteReaderAsync();
        var changes = new List<(DateTimeOffset, string, string)>();
        while (await reader.ReadAsync()) changes.Add((reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2)));
        return changes;
    }
}
