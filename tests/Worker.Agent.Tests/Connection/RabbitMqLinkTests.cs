using System.Collections.Concurrent;
using Broker.Contracts;

namespace Broker.Agent.Tests;

public sealed class RabbitMqLinkTests
{
    private static readonly HandlerSet Handlers = new(new Dictionary<string, HandleTask>
    {
        ["echo"] = (context, _) => Task.FromResult<object?>(context.Payload),
        ["sleep"] = async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            return null;
        },
    });

    private long _number;

    [Fact]
    public async Task Runs_offers_of_its_queue_and_says_goodbye()
    {
        await using var rabbit = await RabbitFixture.StartAsync();
        var exit = rabbit.StartWorker("bot", Handlers);
        var inventory = await rabbit.NextInventoryAsync();

        await rabbit.SendRawAsync("bot", WireKind.Offer, "{ not json");
        await rabbit.SendRawAsync("bot", "news", "{}");
        await rabbit.OfferAsync("bot", [.. Enumerable.Range(0, 50).Select(_ => AnOffer("echo", inventory.Session))]);
        var reports = await rabbit.SucceededAsync(50);
        rabbit.Stop();

        Assert.Equal(50, reports.Count);
        while (!(await rabbit.NextBeatAsync()).Goodbye) { }
        Assert.Equal(AgentExit.Stopped, await exit);
    }

    [Fact]
    public async Task Loses_no_report_when_connections_are_cut()
    {
        await using var rabbit = await RabbitFixture.StartAsync();
        _ = rabbit.StartWorker("bot", Handlers);
        var session = (await rabbit.NextInventoryAsync()).Session;

        for (var i = 0; i < 300; i++) await rabbit.OfferAsync("bot", AnOffer("sleep", session));
        foreach (var tasks in new[] { 75, 150, 225 })
        {
            await rabbit.SucceededAsync(tasks);
            rabbit.Proxy.Cut();
        }

        Assert.Equal(300, (await rabbit.SucceededAsync(300)).Count);
        Assert.True(rabbit.Proxy.Accepted > 3, $"{rabbit.Proxy.Accepted} connections were made.");
    }

    /// <summary>Row 56 of the faults.</summary>
    [Fact]
    public async Task Runs_an_offer_once_that_comes_again_because_its_acknowledgement_was_lost()
    {
        await using var rabbit = await RabbitFixture.StartAsync();
        var runs = new ConcurrentQueue<(Guid, int)>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = rabbit.StartWorker("bot", new HandlerSet(new Dictionary<string, HandleTask>
        {
            ["count"] = (context, _) =>
            {
                runs.Enqueue((context.TaskId, context.Attempt));
                begun.TrySetResult();
                return Task.FromResult<object?>(null);
            },
        }));
        var session = (await rabbit.NextInventoryAsync()).Session;

        rabbit.Proxy.ToServer.Close();
        var offer = AnOffer("count", session);
        await rabbit.OfferAsync("bot", offer);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        rabbit.Proxy.Refuses = true;
        rabbit.Proxy.Cut();
        Assert.True(await rabbit.IsRedeliveredAsync("bot"));
        rabbit.Proxy.Heal();

        // The queue keeps its order: once the second has run, the first one's copy was dealt with.
        var second = AnOffer("count", session);
        await rabbit.OfferAsync("bot", second);
        await rabbit.SucceededAsync(2);
        Assert.Equal([(offer.Task, 1), (second.Task, 1)], runs);
    }

    [Fact]
    public async Task Registers_again_when_its_queue_is_deleted()
    {
        await using var rabbit = await RabbitFixture.StartAsync();
        _ = rabbit.StartWorker("bot", Handlers);
        Assert.Equal("s1", (await rabbit.NextInventoryAsync()).Session);

        await rabbit.DeleteQueueAsync("bot");

        while ((await rabbit.NextInventoryAsync()).Session != "s2") { }
    }

    [Fact]
    public async Task Shares_connections_between_the_workers_of_a_process()
    {
        await using var rabbit = await RabbitFixture.StartAsync();
        for (var i = 0; i < 20; i++) _ = rabbit.StartWorker($"bot-{i}", Handlers);
        var sessions = new Dictionary<string, string>();
        while (sessions.Count < 20)
        {
            var inventory = await rabbit.NextInventoryAsync();
            sessions[inventory.Worker] = inventory.Session;
        }

        foreach (var (worker, session) in sessions) await rabbit.OfferAsync(worker, AnOffer("echo", session));

        Assert.Equal(20, (await rabbit.SucceededAsync(20)).Count);
        Assert.Equal(3, rabbit.Proxy.Accepted);
    }

    private Offer AnOffer(string type, string session) => new()
    {
        Task = Guid.NewGuid(),
        Type = type,
        Priority = 4,
        Pool = "default",
        Attempt = 1,
        Token = "1-1",
        Session = session,
        Epoch = 1,
        Number = ++_number,
        Cost = 1,
        Timeout = "1m",
        Payload = new RawJson("{\"a\":1}"u8.ToArray()),
    };
}
