using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Those who follow events can't be reached.</summary>
public sealed class EventRelayTests
{
    private const int Changes = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Row 71 of the faults.</summary>
    [Fact]
    public async Task Events_that_cannot_be_published_hold_up_no_task_and_are_told_later_without_a_gap()
    {
        await using var broker = await ServerBroker.StartAsync();
        await using var tap = await RabbitTap.ConnectAsync();
        var exchange = $"{broker.QueuePrefix}Broker.Contracts:ReserveActivated";
        await tap.DeclareExchangeAsync(exchange, "direct");          // not the type that is published to

        await HttpBot.RegisterAsync(broker.Api, "reserve", "default", new { role = "reserve" });
        for (var i = 0; i < Changes; i++)
            foreach (var action in new[] { "activate", "deactivate" })
                await broker.Api.PostAsync($"/v1/workers/reserve/{action}", new { reason = $"change {i}" });
        await Eventually.Async(() => Task.FromResult(broker.Output), text => text.Contains("Events are told on later", StringComparison.Ordinal),
            "an event can't be published", Patience);
        broker.StartAgent("bot", slots: 8);
        var ids = await broker.Api.SubmitAllAsync(Enumerable.Repeat(new { type = "echo" }, 200));
        Assert.All((await broker.Api.WaitForAllAsync(ids, Patience)).Values, state => Assert.Equal("succeeded", state));

        // Paused, so that nothing is published between the repair and our listening.
        var leader = await broker.LeaderAsync();
        await leader.SignalAsync("STOP");
        await tap.DeleteExchangeAsync(exchange);
        await tap.DeclareExchangeAsync(exchange, "fanout");
        var queue = await tap.ListenAsync(exchange);
        await leader.SignalAsync("CONT");

        var recorded = (await broker.ReadAsync("SELECT seq::text FROM fleet_events WHERE kind = 'activated' ORDER BY fleet_events.seq")).ConvertAll(long.Parse);
        Assert.Equal(Changes, recorded.Count);
        var told = new List<long>();
        while (told.Count < Changes)
        {
            var seq = (long)JsonNode.Parse((await tap.NextAsync(queue)).Body.Span)!["message"]!["seq"]!;
            if (!told.Contains(seq)) told.Add(seq);                     // at least once
        }
        Assert.Equal(recorded, told);
        await Eventually.Async(() => broker.ReadAsync("SELECT seq::text FROM relay_cursors"),
            rows => rows.Count == 1 && long.Parse(rows[0]) >= recorded[^1], "the cursor has passed them", Patience);
    }
}
