using Broker.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Scheduler.Tests;

/// <summary>What is worth a turn of its own, and what the next one takes along.</summary>
public sealed class InboxTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Inbox _inbox;

    public InboxTests() => _inbox = new Inbox(_time);

    [Fact]
    public async Task Beats_and_routine_inventories_wait_for_the_next_turn()
    {
        var waiting = WaitAsync();
        _inbox.Post(BeatOf(goodbye: false));
        await PostAsync(routine: true);
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));
        await waiting;
        var inputs = Take();
        Assert.Single(inputs.Beats);
        Assert.Single(inputs.Reports);
    }

    [Fact]
    public async Task A_last_beat_is_worth_a_turn()
    {
        var waiting = WaitAsync();
        _inbox.Post(BeatOf(goodbye: true));
        await waiting;
    }

    [Fact]
    public async Task An_inventory_that_something_calls_for_is_worth_a_turn()
    {
        var waiting = WaitAsync();
        await PostAsync(routine: false);
        await waiting;
    }

    [Fact]
    public async Task What_came_between_two_turns_is_not_slept_over()
    {
        await PostAsync(routine: false);
        Assert.True(WaitAsync().IsCompleted);
        Take();
        Assert.False(WaitAsync().IsCompleted);
    }

    [Fact]
    public async Task What_a_turn_leaves_behind_is_worth_another()
    {
        for (var i = 0; i < 2_001; i++) await PostAsync(routine: false);
        Assert.Equal(2_000, Take().Reports.Count);
        Assert.True(WaitAsync().IsCompleted);
        Assert.Single(Take().Reports);
        Assert.False(WaitAsync().IsCompleted);
    }

    private Task WaitAsync() => _inbox.WaitAsync(TimeSpan.FromSeconds(1), roomForTasks: 1, CancellationToken.None);

    private TurnInputs Take() => _inbox.Take(roomForTasks: 1);

    private static BeatInput BeatOf(bool goodbye) => new(new BeatMessage { Worker = "bot", Session = "s1", Goodbye = goodbye });

    private ValueTask PostAsync(bool routine) => _inbox.PostAsync(new ReportInput(
        new InventoryMessage { Worker = "bot", Session = "s1", LastOffer = 0, Attempts = [], Routine = routine }, NoDelivery.Instance),
        CancellationToken.None);
}
