using System.Threading.Channels;
using Broker.Contracts;

namespace Broker.Agent.Tests;

/// <summary>Broken links, new sessions, drains and the end.</summary>
public sealed class AgentLifeTests
{
    [Fact]
    public async Task Sends_an_unconfirmed_report_again_after_an_inventory_that_lists_it()
    {
        await using var agent = await AgentFixture.StartAsync();
        var failures = 2;
        agent.Broker.OnSend = message => message is ReportMessage { Kind: WireKind.Succeeded } && failures-- > 0
            ? Task.FromException(new LinkBrokenException("nack")) : Task.CompletedTask;

        var offer = agent.Give(agent.Offer("echo", "7"));
        var inventory = agent.Broker.NextAsync<InventoryMessage>();
        await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(100));
        var succeeded = agent.Broker.NextReportAsync(WireKind.Succeeded);
        await agent.MoveUntilAsync(succeeded, TimeSpan.FromMilliseconds(100));

        Assert.Equal(new HeldAttempt(offer.Task, 1), Assert.Single((await inventory).Attempts));
        Assert.Equal(offer.Number, (await inventory).LastOffer);
        Assert.Equal((offer.Task, offer.Token), ((await succeeded).Task, (await succeeded).Token));
    }

    [Fact]
    public async Task Gives_up_a_link_that_never_answers()
    {
        await using var agent = await AgentFixture.StartAsync();
        var silent = new TaskCompletionSource();
        agent.Broker.OnSend = message => message is ReportMessage ? silent.Task : Task.CompletedTask;
        agent.Give(agent.Offer("echo", "7"));

        var inventory = agent.Broker.NextAsync<InventoryMessage>();
        await agent.MoveUntilAsync(inventory, TimeSpan.FromSeconds(1));
        agent.Broker.OnSend = _ => Task.CompletedTask;

        Assert.Single((await inventory).Attempts);
    }

    [Fact]
    public async Task Keeps_running_through_a_broken_link_in_the_same_session()
    {
        await using var agent = await AgentFixture.StartAsync();
        var offer = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();

        agent.Broker.Link.Break();
        var inventory = agent.Broker.NextAsync<InventoryMessage>();
        await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(100));
        agent.Open(offer);

        Assert.Equal(offer.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
        Assert.Single(agent.Broker.Registrations);
    }

    [Fact]
    public async Task Registers_again_when_told_and_drops_what_it_had()
    {
        await using var agent = await AgentFixture.StartAsync();
        var offer = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();

        agent.Broker.Tell(new SettingsMessage { RegisterAgain = "another" });
        agent.Broker.Tell(new SettingsMessage { RegisterAgain = "s1" });
        var inventory = agent.Broker.NextAsync<InventoryMessage>(message => message.Session == "s2");
        await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(100));
        var next = agent.Give(agent.Offer("echo", "1"));

        Assert.Empty((await inventory).Attempts);
        await agent.Broker.NextAsync<ReportMessage>(message =>
        {
            Assert.DoesNotContain(message.Reports, report => report.Task == offer.Task);
            return message.Kind == WireKind.Succeeded && message.Reports[0].Task == next.Task;
        });
        Assert.Equal("bot", agent.Broker.Registrations[1].Id);
    }

    [Fact]
    public async Task Reports_what_has_ended_before_it_registers_again()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 1);
        var confirm = new TaskCompletionSource();
        var offer = await agent.GiveWithStartUnderWayAsync(confirm);
        agent.Give(agent.Offer("gate"));

        agent.Open(offer);
        await TestKit.Eventually.Async(() => Task.FromResult(agent.Begun.Count), count => count == 2, "the first has ended and the second runs");
        agent.Broker.Tell(new SettingsMessage { RegisterAgain = "s1" });
        confirm.SetResult();

        Assert.Equal(offer.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
        await agent.MoveUntilAsync(
            agent.Broker.NextAsync<InventoryMessage>(inventory => inventory.Session == "s2"), TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_start_that_became_due_while_another_was_not_confirmed_is_reported_after_it()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 2);
        var cut = new TaskCompletionSource();
        await agent.GiveWithStartUnderWayAsync(cut);
        var second = agent.Give(agent.Offer("gate"));
        await TestKit.Eventually.Async(() => Task.FromResult(agent.Begun.Count), count => count == 2, "the second runs");
        agent.Time.Advance(TimeSpan.FromMilliseconds(10));

        agent.Broker.OnSend = _ => Task.CompletedTask;
        cut.SetException(new IOException("cut"));

        await agent.NextStartAsync(second.Task);
    }

    [Fact]
    public async Task Keeps_the_slots_of_a_handler_that_does_not_stop_with_its_session_until_it_ends()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 2);
        var stubborn = agent.Give(agent.Offer("stubborn"));
        await agent.NextStartAsync();
        foreach (var session in new[] { "s1", "s2" })
        {
            agent.Broker.Tell(new SettingsMessage { RegisterAgain = session });
            var inventory = agent.Broker.NextAsync<InventoryMessage>(message => message.Session == agent.Broker.Session && message.Session != session);
            await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(500));
        }

        var dear = agent.Give(agent.Offer("gate", cost: 2));
        agent.Broker.Tell(new SettingsMessage { SendInventory = true });
        await agent.Broker.NextAsync<InventoryMessage>(inventory => inventory.Attempts.Count == 1);
        Assert.Equal([stubborn.Task], agent.Begun);
        agent.Open(stubborn);

        Assert.Equal(dear.Task, (await agent.NextStartAsync()).Reports[0].Task);
    }

    [Fact]
    public async Task Registers_again_when_its_queue_is_gone()
    {
        await using var agent = await AgentFixture.StartAsync();
        var gone = 1;
        agent.Broker.OnConnect = () => gone-- > 0 ? new SessionEndedException("404") : null;

        agent.Broker.Link.Break();
        var inventory = agent.Broker.NextAsync<InventoryMessage>(message => message.Session == "s2");

        await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Broker judges it by its silence as soon as it is back.</summary>
    [Fact]
    public async Task Over_HTTP_tries_again_within_a_beat_however_often_it_failed()
    {
        await using var agent = await AgentFixture.StartAsync();
        var waits = Channel.CreateUnbounded<TimeSpan>();
        agent.Broker.OnConnect = () =>
        {
            agent.Clock.TimerSet = due =>
            {
                agent.Clock.TimerSet = _ => { };
                waits.Writer.TryWrite(due);
            };
            return new IOException("refused");
        };

        agent.Broker.Link.Break();
        var first = waits.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
        await agent.MoveUntilAsync(first, TimeSpan.FromMilliseconds(100));
        var wait = await first;
        for (var i = 0; i < 20; i++)
        {
            Assert.InRange(wait, TimeSpan.Zero, MemoryBroker.BeatInterval);
            agent.Time.Advance(wait);
            wait = await waits.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Drains_by_finishing_what_runs_and_giving_back_what_waits()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 1);
        var running = agent.Give(agent.Offer("gate"));
        var waiting = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync(running.Task);

        agent.Broker.Tell(new DrainMessage { Deadline = agent.Time.GetUtcNow().AddSeconds(20) });
        var notStarted = await agent.Broker.NextReportAsync(WireKind.Released);
        agent.Open(running);
        var finished = await agent.Broker.NextReportAsync(WireKind.Succeeded);
        var lifted = agent.Give(agent.Offer("echo", "1"));

        Assert.Equal((waiting.Task, "draining"), (notStarted.Task, notStarted.Error!.Code));
        Assert.Equal(running.Task, finished.Task);
        Assert.Equal(lifted.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
    }

    [Fact]
    public async Task Stops_by_finishing_what_runs_and_says_goodbye_last()
    {
        await using var agent = await AgentFixture.StartAsync();
        var running = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();

        agent.Stop();
        var late = agent.Give(agent.Offer("echo", "1"));
        await agent.Broker.NextAsync<ReportMessage>(message => message.Reports[0].Task == late.Task && message.Kind is WireKind.Released or WireKind.Succeeded);
        agent.Open(running);

        Assert.Equal(running.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
        await agent.Broker.NextAsync<BeatMessage>(beat => beat.Goodbye);
        Assert.Equal(AgentExit.Stopped, await agent.ExitAsync());
    }

    [Fact]
    public async Task Gives_back_what_still_runs_when_its_time_to_stop_is_over()
    {
        await using var agent = await AgentFixture.StartAsync();
        var obedient = agent.Give(agent.Offer("gate"));
        var stubborn = agent.Give(agent.Offer("stubborn"));
        await agent.NextStartAsync(stubborn.Task);

        agent.Stop();
        var first = agent.Broker.NextReportAsync(WireKind.Released, obedient.Task);
        await agent.MoveUntilAsync(first, TimeSpan.FromSeconds(1));
        var second = agent.Broker.NextReportAsync(WireKind.Released, stubborn.Task);
        await agent.MoveUntilAsync(second, TimeSpan.FromSeconds(1));

        Assert.Equal("interrupted", (await first).Error!.Code);
        Assert.Equal("interrupted", (await second).Error!.Code);
        Assert.Equal(AgentExit.Stopped, await agent.ExitAsync());
    }

    [Fact]
    public async Task Stops_also_while_it_can_not_connect()
    {
        await using var agent = await AgentFixture.StartAsync(prepare: broker => broker.OnConnect = () => new IOException("refused"));

        agent.Stop();

        await agent.MoveUntilAsync(agent.Exit, TimeSpan.FromSeconds(1));
        Assert.Equal(AgentExit.Stopped, await agent.Exit);
    }

    [Fact]
    public async Task Beats_as_told_and_sends_an_inventory_with_every_third()
    {
        await using var agent = await AgentFixture.StartAsync();
        agent.Broker.Tell(new SettingsMessage { BeatInterval = "2s" });
        agent.Broker.Tell(new SettingsMessage { SendInventory = true });
        await agent.Broker.NextAsync<InventoryMessage>();

        var since = agent.Time.GetUtcNow();
        var inventory = agent.Broker.NextAsync<InventoryMessage>();
        await agent.MoveUntilAsync(inventory, TimeSpan.FromMilliseconds(250));

        // The first beat went out on connect; two more make three.
        Assert.InRange(agent.Time.GetUtcNow() - since, TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(6));
    }
}
