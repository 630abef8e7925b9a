namespace Broker.SystemTests;

/// <summary>What a worker says it holds, held against what it should hold.</summary>
public sealed class InventoryTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task What_a_worker_took_and_does_not_list_is_interrupted_and_offered_again_in_the_same_turn()
    {
        await using var bot = await AmqpBotAsync();
        var (missing, held) = await RunningPairAsync(bot);

        await bot.InventoryAsync(held.Number, held);
        var again = await bot.TakeAsync();

        Assert.Equal((missing.Task, 2), (again.Task, again.Attempt));
        var steps = await Api.EventsAsync(missing.Task);
        var ended = steps.Single(step => (string?)step["event"] == "attempt-ended");
        Assert.Equal(("interrupted", "not-in-inventory"), ((string)ended["outcome"]!, (string)ended["reason"]!));
        Assert.Equal((string?)ended["at"], (string?)steps.Last(step => (string?)step["event"] == "offered")["at"]);
        Assert.Equal("running", await Api.StateOfAsync(held.Task));

        // What was given up is to be stopped, and so is what we know nothing of.
        var stranger = new TakenOffer($"{Guid.NewGuid()}", 3, "", 0);
        await bot.InventoryAsync(again.Number, held, again, missing, stranger);
        var canceled = (await bot.NextAsync("cancel"))["attempts"]!.AsArray();
        Assert.Equal(
            [(missing.Task, 1, "superseded"), (stranger.Task, 3, "superseded")],
            canceled.Select(attempt => ((string)attempt!["task"]!, (int)attempt["attempt"]!, (string)attempt["reason"]!)));
        await FinishAsync(bot, held, again);
    }

    [Fact]
    public async Task What_an_inventory_does_not_cover_is_left_alone_also_if_it_comes_late()
    {
        await using var bot = await AmqpBotAsync();
        var ids = await SubmitManyAsync(2);
        var offers = new[] { await bot.TakeAsync(), await bot.TakeAsync() };

        // As it was before the worker took them: once ahead of the starts, once behind.
        await bot.InventoryAsync(offers[0].Number - 1);
        await bot.ReportAsync("started", offers);
        await bot.InventoryAsync(offers[0].Number - 1);
        await bot.ReportAsync("succeeded", offers[1]);
        await Api.WaitForStateAsync(offers[1].Task, "succeeded");      // reports are dealt with in order

        Assert.Equal("running", await Api.StateOfAsync(offers[0].Task));
        await FinishAsync(bot, offers[0]);
        foreach (var id in ids) Assert.Equal(1, (int)(await Api.TaskAsync(id))["attempts"]!);
    }

    [Fact]
    public async Task Over_HTTP_what_had_started_before_the_last_beat_and_is_not_listed_is_offered_again()
    {
        var bot = await BotAsync("http", new { slots = 2 });
        await SubmitManyAsync(2);
        var (missing, held) = (await bot.StartNextAsync(), await bot.StartNextAsync());

        // It may have been on its way before they started.
        await bot.BeatAsync(held: []);
        Assert.Equal(["running", "running"], [await Api.StateOfAsync(missing.Task), await Api.StateOfAsync(held.Task)]);

        var stranger = ($"{Guid.NewGuid()}", 3);
        var answer = await bot.BeatAsync((held.Task, 1), stranger);
        Assert.Equal((stranger.Item1, "superseded"), ((string)answer["cancel"]![0]!["task"]!, (string)answer["cancel"]![0]!["reason"]!));
        var again = await bot.StartNextAsync();

        Assert.Equal((missing.Task, 2), (again.Task, again.Attempt));
        await bot.SucceedAsync(held);
        await bot.SucceedAsync(again);
    }

    private Task<AmqpBot> AmqpBotAsync() => AmqpBot.RegisterAsync(Api, $"{Pool}-bot", Pool, slots: 2);

    /// <summary>Two that run, the one offered later as the second.</summary>
    private async Task<(TakenOffer First, TakenOffer Second)> RunningPairAsync(AmqpBot bot)
    {
        // An attempt's report may lie with an earlier leader for a while after a takeover; this Broker has had but one.
        Assert.Equal(["1"], await Broker.ReadAsync("SELECT epoch::text FROM leadership"));
        await SubmitManyAsync(2);
        var (first, second) = (await bot.TakeAsync(), await bot.TakeAsync());
        await bot.ReportAsync("started", first, second);
        await Api.WaitForStateAsync(second.Task, "running");
        return (first, second);
    }

    private async Task FinishAsync(AmqpBot bot, params TakenOffer[] offers)
    {
        await bot.ReportAsync("succeeded", offers);
        foreach (var offer in offers) await Api.WaitForStateAsync(offer.Task, "succeeded");
    }
}
