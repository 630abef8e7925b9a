using Broker.Contracts;

namespace Broker.Agent.Tests;

/// <summary>What may be wrong with a bot's machine and its handlers.</summary>
public sealed class AgentFaultTests
{
    /// <summary>Row 61 of the faults.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task A_clock_that_jumps_by_a_day_ends_nothing_and_no_time_told_is_wrong(int hours)
    {
        await using var agent = await AgentFixture.StartAsync();
        var offer = agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();
        var deadline = agent.Time.GetUtcNow().AddHours(1);

        agent.Clock.Ahead = TimeSpan.FromHours(hours);
        agent.Broker.Tell(new DrainMessage { Deadline = deadline });
        var inventory = agent.Broker.NextAsync<InventoryMessage>();
        await agent.MoveUntilAsync(inventory, TimeSpan.FromSeconds(1));
        agent.Open(offer);
        var succeeded = await agent.Broker.NextReportAsync(WireKind.Succeeded);

        Assert.Equal([new HeldAttempt(offer.Task, 1)], (await inventory).Attempts);
        Assert.InRange(succeeded.RanMs!.Value, 1_000, 40_000);
    }

    /// <summary>Row 61 of the faults: the time a handler has.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task A_clock_that_jumps_by_a_day_moves_no_timeout(int hours)
    {
        await using var agent = await AgentFixture.StartAsync();
        agent.Give(agent.Offer("gate"));
        await agent.NextStartAsync();

        agent.Clock.Ahead = TimeSpan.FromHours(hours);
        var failed = agent.Broker.NextReportAsync(WireKind.Failed);
        await agent.MoveUntilAsync(failed, TimeSpan.FromSeconds(5));

        Assert.Equal("timed-out", (await failed).Error!.Code);
        Assert.InRange((await failed).RanMs!.Value, 60_000, 70_000);
    }

    /// <summary>Row 53 of the faults, on the worker's side.</summary>
    [Fact]
    public async Task A_handler_that_never_returns_keeps_its_slot_while_beats_and_other_tasks_go_on()
    {
        await using var agent = await AgentFixture.StartAsync(slots: 2);
        var hung = agent.Give(agent.Offer("stubborn"));
        await agent.NextStartAsync();
        var overdue = agent.Time.GetUtcNow().AddMinutes(3);

        var beat = agent.Broker.NextAsync<BeatMessage>(_ => agent.Time.GetUtcNow() > overdue);
        await agent.MoveUntilAsync(beat, TimeSpan.FromSeconds(5));
        agent.Broker.Tell(new CancelMessage { Attempts = [new CanceledAttempt { Task = hung.Task, Attempt = 1, Reason = AttemptOutcome.TimedOut }] });
        for (var i = 0; i < 5; i++)
        {
            var other = agent.Give(agent.Offer("echo", "1"));
            Assert.Equal(other.Task, (await agent.Broker.NextReportAsync(WireKind.Succeeded)).Task);
        }

        agent.Broker.Tell(new SettingsMessage { SendInventory = true });
        var inventory = await agent.Broker.NextAsync<InventoryMessage>(message => message.LastOffer > hung.Number + 4);
        Assert.Equal([new HeldAttempt(hung.Task, 1)], inventory.Attempts);
    }
}
