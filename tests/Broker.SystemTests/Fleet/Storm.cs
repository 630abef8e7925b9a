using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A fleet behind a proxy, each bot with a task that runs on; and how much of it is connected.</summary>
internal sealed class Storm : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ServerBroker _broker;
    private readonly BotFleet _fleet;
    private readonly RabbitTap _tap;
    private readonly string _pool;
    private readonly List<string> _bots;
    private List<string> _tasks = [];
    private List<string> _sessions = [];
    private long _cut;
    private DateTimeOffset _cutAt;

    private Storm(ServerBroker broker, TcpProxy proxy, RabbitTap tap, string pool, int count)
    {
        (_broker, Proxy, _tap, _pool) = (broker, proxy, tap, pool);
        _fleet = new BotFleet(broker, proxy);
        _bots = [.. Enumerable.Range(0, count).Select(number => $"{pool}-{number:D4}")];
    }

    public TcpProxy Proxy { get; }

    /// <summary>The bots come in waves, as machines do that are started one after the other.</summary>
    public static async Task<Storm> StartAsync(ServerBroker broker, TcpProxy proxy, string pool, int count)
    {
        var storm = new Storm(broker, proxy, await RabbitTap.ConnectAsync(broker.RabbitMq), pool, count);
        storm._tasks = await broker.Api.SubmitAllAsync(Enumerable.Repeat(new { type = "hold", pool }, count));
        var started = 0;
        foreach (var wave in storm._bots.Chunk(100))
        {
            foreach (var bot in wave) _ = storm._fleet.Start(bot, pool);
            await storm._fleet.WaitForRunsAsync(started += wave.Length);
        }
        storm._sessions = await storm.SessionsAsync();
        return storm;
    }

    /// <summary>Resets every connection of every bot.</summary>
    public void Cut()
    {
        // Before: a bot that lost one of its two connections lets go of the other itself.
        Assert.Equal(2 * _bots.Count, Proxy.Open);
        (_cut, _cutAt) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetUtcNow());
        Proxy.Cut();
    }

    public TimeSpan SinceCut => TimeProvider.System.GetElapsedTime(_cut);

    public async Task WaitUntilNobodyConsumesAsync() => await Eventually.Async(
        async () => (await ConsumersAsync()).Sum(count => count), consumers => consumers == 0, "nobody consumes", Patience);

    /// <summary>How many have not got a consumer since the cut, or were not heard of since.</summary>
    public async Task<int> MissingAsync()
    {
        var missing = _fleet.NotConnectedSince(_cut).ToHashSet();
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await _broker.Api.GetAsync($"/v1/workers?pool={_pool}&limit=200{next}");
            cursor = (string?)page["nextCursor"];
            missing.UnionWith(page["items"]!.AsArray()
                .Where(worker => !((DateTimeOffset?)worker!["lastBeatAt"] > _cutAt)).Select(worker => (string)worker!["id"]!));
        }
        while (cursor is not null);
        return missing.Count;
    }

    /// <summary>Everybody kept its session and its first attempt, nobody was given up, and every task ends with its success.</summary>
    public async Task CheckNothingLostAsync()
    {
        Assert.Equal(_sessions, await SessionsAsync());
        Assert.Empty(await _broker.ReadAsync($"SELECT worker FROM fleet_events WHERE pool = '{_pool}' AND kind = 'lost'"));
        foreach (var consumers in await ConsumersAsync()) Assert.Equal(1, consumers);
        _fleet.Release();
        var states = await _broker.Api.WaitForAllAsync(_tasks, Patience);
        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        Assert.Equal(_bots.Count, _fleet.Runs.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _tap.DisposeAsync();
    }

    private Task<List<string>> SessionsAsync() =>
        _broker.ReadAsync($"SELECT id || ' ' || (record ->> 'session') FROM workers WHERE pool = '{_pool}' ORDER BY id");

    private async Task<List<long>> ConsumersAsync()
    {
        var consumers = new List<long>();
        foreach (var bot in _bots) consumers.Add((await _tap.CountAsync(_broker.Queues.Worker(bot))).Consumers);
        return consumers;
    }
}
