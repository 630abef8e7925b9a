namespace Broker.SystemTests;

/// <summary>Row 60 of the faults: one direction between a worker and RabbitMQ falls silent, and nobody is told.</summary>
[Trait("Kind", "fault")]
public sealed class OneWayTests(SharedServer server) : PartitionedTests(server)
{
    [Fact]
    public async Task What_the_worker_says_and_nobody_hears_is_said_again()
    {
        await using var bot = await StartBotAsync();
        bot.Proxy.ToServer.Close();
        bot.Fleet.Release();
        await bot.Proxy.ToServer.FirstHeld;
        var connections = bot.Proxy.Accepted;
        await WaitForWorkerAsync("bot", worker => (string?)worker["liveness"] == "lost", "is lost");
        await TestKit.Eventually.Async(() => Task.FromResult(bot.Proxy.Accepted), count => count > connections, "the worker gives up its connections");
        bot.Proxy.Heal();

        await Api.WaitForStateAsync(bot.Task, "succeeded", Patience);
        Assert.Equal((1, 1), await AttemptsAndLossesAsync(bot.Task));
        await EndedOnceAndWorksOnAsync(bot);
    }

    [Fact]
    public async Task What_the_worker_does_not_hear_stops_nothing_it_says()
    {
        await using var bot = await StartBotAsync();
        bot.Proxy.ToClient.Close();
        bot.Fleet.Release();
        await Api.WaitForStateAsync(bot.Task, "succeeded", Patience);
        var connections = bot.Proxy.Accepted;
        await TestKit.Eventually.Async(() => Task.FromResult(bot.Proxy.Accepted), count => count > connections, "the worker gives up its connections");
        bot.Proxy.Heal();

        Assert.Equal((1, 0), await AttemptsAndLossesAsync(bot.Task));
        await EndedOnceAndWorksOnAsync(bot);
    }
}
