using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Row 59 of the faults: a worker is cut off from RabbitMQ while its task runs and ends.</summary>
[Trait("Kind", "fault")]
public sealed class PartitionTests(SharedServer server) : PartitionedTests(server)
{
    [Fact]
    public async Task Half_the_lost_time_costs_nothing()
    {
        await using var bot = await StartBotAsync();
        bot.CutOff();
        bot.Fleet.Release();
        await Task.Delay(LostAfter / 2, TimeProvider.System, TestContext.Current.CancellationToken);
        bot.Proxy.Heal();

        await Api.WaitForStateAsync(bot.Task, "succeeded", Patience);
        Assert.Equal((1, 0), await AttemptsAndLossesAsync(bot.Task));
        await EndedOnceAndWorksOnAsync(bot);
    }

    [Fact]
    public async Task About_the_lost_time_ends_one_way_or_the_other_and_once()
    {
        await using var bot = await StartBotAsync();
        bot.CutOff();
        bot.Fleet.Release();
        await Task.Delay(LostAfter, TimeProvider.System, TestContext.Current.CancellationToken);
        bot.Proxy.Heal();

        await Api.WaitForStateAsync(bot.Task, "succeeded", Patience);
        Assert.InRange((await AttemptsAndLossesAsync(bot.Task)).Losses, 0, 1);
        await EndedOnceAndWorksOnAsync(bot);
    }

    [Fact]
    public async Task Beyond_the_lost_time_the_late_success_counts_while_nobody_else_has_the_task()
    {
        await using var bot = await StartBotAsync();
        bot.CutOff();
        bot.Fleet.Release();
        await StayAwayAsync();
        Assert.Equal("queued", await Api.StateOfAsync(bot.Task));
        bot.Proxy.Heal();

        await Api.WaitForStateAsync(bot.Task, "succeeded", Patience);
        Assert.Equal((1, 1), await AttemptsAndLossesAsync(bot.Task));
        await EndedOnceAndWorksOnAsync(bot);
    }

    [Fact]
    public async Task Beyond_the_lost_time_the_result_of_an_heir_stands_and_the_late_one_is_recorded()
    {
        await using var bot = await StartBotAsync();
        bot.CutOff();
        bot.Fleet.Release();
        await StayAwayAsync();
        var heir = await BotAsync("heir");
        await heir.SucceedAsync(await heir.StartNextAsync(), "heir");
        await Api.PostAsync($"/v1/workers/{heir.Id}/cordon", new { reason = "done" });
        bot.Proxy.Heal();

        await Eventually.Async(() => Api.EventsAsync(bot.Task),
            events => events.Count(step => (string?)step["event"] == "superseded") == 1, "the late success is noted", Patience);
        Assert.Equal((2, 1), await AttemptsAndLossesAsync(bot.Task));
        Assert.Equal("heir", (string?)(await Api.TaskAsync(bot.Task))["result"]);
        await EndedOnceAndWorksOnAsync(bot);
    }

    /// <summary>Three times the lost time in a full run; else until it is lost.</summary>
    private async Task StayAwayAsync()
    {
        await Task.Delay(FullRun.Of(0, 3) * LostAfter, TimeProvider.System, TestContext.Current.CancellationToken);
        await WaitForWorkerAsync("bot", worker => (string?)worker["liveness"] == "lost", "is lost");
    }
}
