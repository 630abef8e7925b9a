using System.Diagnostics;
using System.Globalization;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Row 50 of the faults: a whole fleet loses its connections at once.</summary>
[Trait("Kind", "fault")]
public sealed class StormTests(SharedServer server, ITestOutputHelper output) : PoolTests(server)
{
    private static readonly TimeSpan MostLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AllLimit = TimeSpan.FromSeconds(60);

    private readonly int _count = FullRun.Of(200, 2_000);

    [Fact]
    public async Task Bots_cut_at_once_are_back_within_a_minute_and_lose_no_task()
    {
        await using var proxy = new TcpProxy(Broker.RabbitMq.Host, Broker.RabbitMq.Port);
        await using var storm = await StartAsync(Broker, proxy, beats: "10s");

        storm.Cut();

        await CheckAsync(storm, away: TimeSpan.Zero, MostLimit, AllLimit);
    }

    [Fact]
    public async Task Bots_that_RabbitMQ_does_not_accept_for_half_a_minute_come_back_as_well()
    {
        await using var servers = await PrivateServers.StartAsync(BrokerServer.RabbitMq);
        await using var broker = await ServerBroker.StartAsync(servers: servers);
        await using var proxy = new TcpProxy(broker.RabbitMq.Host, broker.RabbitMq.Port);
        await using var storm = await StartAsync(broker, proxy, beats: "30s");

        await servers.RabbitMqCtlAsync("suspend_listeners");
        storm.Cut();
        await storm.WaitUntilNobodyConsumesAsync();
        var away = TimeSpan.FromSeconds(FullRun.Of(5, 30));
        if (away - storm.SinceCut is { } left && left > TimeSpan.Zero) await Task.Delay(left, TimeProvider.System, TestContext.Current.CancellationToken);
        await servers.RabbitMqCtlAsync("resume_listeners");

        // By now they wait up to half a minute between two tries.
        await CheckAsync(storm, away: storm.SinceCut, AllLimit, AllLimit);
    }

    /// <summary>A fleet of which everybody runs a task that only ends when the storm is over.</summary>
    /// <param name="beats">Their interval: three and 5 s are longer than they are away.</param>
    private async Task<Storm> StartAsync(ServerBroker broker, TcpProxy proxy, string beats)
    {
        await broker.Api.PutAsync($"/v1/pools/{Pool}", new { heartbeat = new { interval = beats } });
        var start = Stopwatch.StartNew();
        var storm = await Storm.StartAsync(broker, proxy, Pool, _count);
        output.WriteLine($"{_count} bots at work after {start.Elapsed.TotalSeconds:F1} s, over {proxy.Open} connections");
        return storm;
    }

    /// <param name="away">How long nobody could come back.</param>
    /// <param name="mostLimit">Until 99 % are back.</param>
    /// <param name="allLimit">Until all are.</param>
    private async Task CheckAsync(Storm storm, TimeSpan away, TimeSpan mostLimit, TimeSpan allLimit)
    {
        TimeSpan? most = null;
        var missing = _count;
        while (missing > 0)
        {
            missing = await storm.MissingAsync();
            if (missing <= _count / 100) most ??= storm.SinceCut;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{storm.SinceCut.TotalSeconds:F1} s: {missing} missing, {storm.Proxy.Open} connections"));
            Assert.True(storm.SinceCut < away + allLimit, $"{missing} of {_count} bots are not back {storm.SinceCut} after the cut.");
        }
        Assert.InRange(most!.Value, TimeSpan.Zero, away + mostLimit);
        await storm.CheckNothingLostAsync();
    }
}
