using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class ReservePolicyTests
{
    private static readonly ReserveSettings Gradual = new() { Policy = ReservePolicyName.Gradual };
    private static readonly ReserveSettings Target = new() { Policy = ReservePolicyName.Target };

    /// <summary>Ten active slots, five reserve workers of two slots, nothing to do.</summary>
    private static readonly PoolView Calm = new(
        Backlog: 0, OldestWait: TimeSpan.Zero, ActiveSlots: 10, ReserveSlots: 10, Activated: 0, ActivatedByHand: 0, IdleActivated: 0,
        Available: 5, ArrivalsPerSecond: 0, SlotSecondsPerTask: 0, SinceChange: TimeSpan.MaxValue,
        SinceQuiet: TimeSpan.FromHours(1), SinceTakeover: TimeSpan.FromHours(1));

    private static readonly PoolView Busy = Calm with { Backlog = 11, SinceQuiet = null };

    [Fact]
    public void Off_never_changes_anything() =>
        Assert.Equal(0, ReservePolicy.Review(Busy with { Backlog = 10_000 }, new ReserveSettings { Policy = ReservePolicyName.Off }).Count);

    [Fact]
    public void Gradual_takes_one_more_above_the_backlog_threshold_and_not_at_it()
    {
        Assert.Equal(1, ReservePolicy.Review(Busy, Gradual).Count);
        Assert.Equal(0, ReservePolicy.Review(Busy with { Backlog = 10 }, Gradual).Count);
    }

    [Fact]
    public void Gradual_takes_one_more_when_a_task_waits_too_long()
    {
        var change = ReservePolicy.Review(Busy with { Backlog = 1, OldestWait = TimeSpan.FromSeconds(31.5) }, Gradual);

        Assert.Equal((1, "a task waits 31s, longer than 30s"), (change.Count, change.Reason));
    }

    [Fact]
    public void Gradual_has_nobody_to_take_when_all_are_in_use() =>
        Assert.Equal(0, ReservePolicy.Review(Busy with { Available = 0, Activated = 5 }, Gradual).Count);

    [Fact]
    public void Gradual_lets_an_idle_one_go_after_the_cool_down_of_quiet_and_of_change()
    {
        var after = Calm with { Activated = 2, IdleActivated = 2, SinceChange = TimeSpan.FromSeconds(60), SinceQuiet = TimeSpan.FromSeconds(60) };

        Assert.Equal(-1, ReservePolicy.Review(after, Gradual).Count);
        Assert.Equal(0, ReservePolicy.Review(after with { IdleActivated = 0 }, Gradual).Count);
        Assert.Equal(0, ReservePolicy.Review(after with { SinceChange = TimeSpan.FromSeconds(59) }, Gradual).Count);
        Assert.Equal(0, ReservePolicy.Review(after with { SinceQuiet = TimeSpan.FromSeconds(59) }, Gradual).Count);
        Assert.Equal(0, ReservePolicy.Review(after with { SinceQuiet = null, Backlog = 5 }, Gradual).Count);
    }

    [Fact]
    public void Target_takes_what_arrivals_and_run_time_ask_for_at_once()
    {
        // 3 tasks a second of 5 slot-seconds keep 15 slots busy; ten are active, a reserve worker has two.
        var view = Busy with { ArrivalsPerSecond = 3, SlotSecondsPerTask = 5, Backlog = 1 };

        Assert.Equal(3, ReservePolicy.Review(view, Target).Count);
        Assert.Equal(1, ReservePolicy.Review(view with { Activated = 2, Available = 3 }, Target).Count);
        Assert.Equal(1, ReservePolicy.Review(view with { ActivatedByHand = 2, Available = 3 }, Target).Count);
    }

    [Fact]
    public void Target_adds_what_clears_the_backlog_within_one_period() =>
        // 720 tasks of 5 slot-seconds in 300 s: 12 slots, two more than there are.
        Assert.Equal(1, ReservePolicy.Review(Busy with { Backlog = 720, SlotSecondsPerTask = 5 }, Target).Count);

    [Fact]
    public void Target_goes_by_the_backlog_while_nothing_has_run()
    {
        Assert.Equal(2, ReservePolicy.Review(Busy with { Backlog = 14 }, Target).Count);
        Assert.Equal(5, ReservePolicy.Review(Busy with { Backlog = 1_000 }, Target).Count);
    }

    [Fact]
    public void Target_lets_go_only_what_a_fifth_more_load_would_not_bring_back()
    {
        var view = Calm with { Activated = 3, Available = 2, IdleActivated = 3, SlotSecondsPerTask = 5 };

        Assert.Equal(-3, ReservePolicy.Review(view with { ArrivalsPerSecond = 1 }, Target).Count);
        Assert.Equal(-2, ReservePolicy.Review(view with { ArrivalsPerSecond = 1.9 }, Target).Count);      // 9.5 slots, 11.4 with headroom
        Assert.Equal(0, ReservePolicy.Review(view with { ArrivalsPerSecond = 2.6 }, Target).Count);
        Assert.Equal(0, ReservePolicy.Review(view with { ArrivalsPerSecond = 1, SinceChange = TimeSpan.FromSeconds(59) }, Target).Count);
        Assert.Equal(-1, ReservePolicy.Review(view with { ArrivalsPerSecond = 1, IdleActivated = 1 }, Target).Count);
    }

    [Fact]
    public void Target_deactivates_nobody_for_one_period_after_a_takeover() =>
        Assert.Equal(0, ReservePolicy.Review(
            Calm with { Activated = 3, IdleActivated = 3, SinceTakeover = TimeSpan.FromMinutes(4) }, Target).Count);

    [Theory]
    [InlineData(ReservePolicyName.Gradual)]
    [InlineData(ReservePolicyName.Target)]
    public void Those_activated_by_hand_are_left_alone(string policy) =>
        Assert.Equal(0, ReservePolicy.Review(Calm with { ActivatedByHand = 5, Available = 0 }, new ReserveSettings { Policy = policy }).Count);

    [Fact]
    public void A_steady_flow_is_measured_without_bias_and_the_past_fades()
    {
        var flow = new PoolFlow();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < 100_000; i++) flow.CountArrival();                 // before anybody looked
        flow.Fade(now, TimeSpan.FromMinutes(5));
        for (var review = 0; review < 60; review++)
        {
            for (var i = 0; i < 70; i++) flow.CountArrival();
            flow.Fade(now += TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
        }

        Assert.Equal(7, flow.ArrivalsPerSecond, 3);
        flow.Fade(now + TimeSpan.FromHours(1), TimeSpan.FromMinutes(5));
        Assert.True(flow.ArrivalsPerSecond < 0.01);
    }
}
