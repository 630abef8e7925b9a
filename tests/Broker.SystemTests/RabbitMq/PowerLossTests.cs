using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>The host of RabbitMQ loses power: quorum queues had synced what they confirmed, classic queues had not.</summary>
public sealed class PowerLossTests
{
    private const int Slots = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Row 43 of the faults.</summary>
    [Fact]
    public async Task Offers_that_were_not_on_disk_are_made_again_at_no_cost_and_what_was_accepted_is_there()
    {
        await using var servers = await PrivateServers.StartAsync(BrokerServer.RabbitMq);
        await using var broker = await ServerBroker.StartAsync(servers: servers);
        await broker.Api.PutAsync("/v1/pools/default", new { heartbeat = new { interval = "10m" } });
        await using var asleep = await AmqpBot.RegisterAsync(broker.Api, "bot", "default", Slots, servers.RabbitMq);

        // The classic queues as the disk has them, from before there was anything in them.
        await servers.StopAsync(BrokerServer.RabbitMq);
        using var disk = new DiskImage(Directory.GetDirectories(Path.Combine(servers.Folder, "rabbitmq", "mnesia"), "msg_stores", SearchOption.AllDirectories).Single());
        await servers.StartAgainAsync(BrokerServer.RabbitMq);

        // All slots but one are offered; more tasks are accepted and lie with a leader that does nothing.
        var ids = await SubmitAsync(broker, Slots - 1);
        await using (var tap = await RabbitTap.ConnectAsync(servers.RabbitMq))
            await Eventually.Async(() => tap.CountAsync(asleep.Queue), found => found.Ready >= Slots - 1, "the offers lie in the queue", Patience);
        var leader = await broker.LeaderAsync();
        await leader.SignalAsync("STOP");
        ids.AddRange(await SubmitAsync(broker, Slots));

        await servers.KillAsync(BrokerServer.RabbitMq);
        disk.Restore();
        await servers.StartAgainAsync(BrokerServer.RabbitMq);
        await using (var tap = await RabbitTap.ConnectAsync(servers.RabbitMq))
            Assert.Equal(0u, (await tap.CountAsync(asleep.Queue)).Ready);
        await leader.SignalAsync("CONT");

        // The next offer takes the last slot; with it the worker sees what it must have missed.
        await using var bot = await asleep.ReconnectAsync(servers.RabbitMq);
        var offer = await bot.TakeAsync();
        await bot.InventoryAsync(offer.Number, offer);
        for (var done = 1; done < ids.Count; done++)
        {
            await bot.ReportAsync("succeeded", offer);
            offer = await bot.TakeAsync();
        }
        await bot.ReportAsync("succeeded", offer);
        var states = await broker.Api.WaitForAllAsync(ids, Patience);

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        var ends = await broker.ReadAsync("SELECT t->>'outcome' FROM task_events e CROSS JOIN json_array_elements(e.transitions) t WHERE t->>'event' = 'attempt-ended'");
        Assert.Equal((ids.Count, Slots - 1, ids.Count + Slots - 1),
            (ends.Count(outcome => outcome == "succeeded"), ends.Count(outcome => outcome == "undeliverable"), ends.Count));
        Assert.Equal(["0 2"], await broker.ReadAsync("SELECT sum(failures + losses) || ' ' || max(attempt) FROM task_history"));
    }

    private static Task<List<string>> SubmitAsync(ServerBroker broker, int count) =>
        broker.Api.SubmitAllAsync(Enumerable.Repeat(new { type = "echo" }, count));
}
