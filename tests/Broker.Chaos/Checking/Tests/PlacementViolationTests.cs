namespace Broker.Chaos;

/// <summary>Histories with one choice that is wrong, S8–S13.</summary>
public sealed class PlacementViolationTests
{
    [Fact]
    public void S8_a_worker_above_its_slots() => new RecordedRun().Worker("a").Submit("t1").Submit("t2")
        .Offer("t1", "a").Offer("t2", "a").Run("t1").Run("t2").AssertBreaks("S8");

    [Fact]
    public void S8_a_task_that_costs_more_than_is_free() => new RecordedRun().Worker("a", slots: 3)
        .Submit("t1", with: task => task with { Cost = 2 }).Submit("t2", with: task => task with { Cost = 2 })
        .Offer("t1", "a").Offer("t2", "a").Run("t1").Run("t2").AssertBreaks("S8");

    [Fact]
    public void S9_a_load_that_forgets_what_runs() => new RecordedRun().Worker("a", slots: 2).Submit("t1").Submit("t2").Offer("t1", "a")
        .Offer("t2", "a", offer => offer with { Load = 0 }).Run("t1").Run("t2").AssertBreaks("S9");

    [Fact]
    public void S9_a_slot_that_leaked() => new RecordedRun().Worker("a", slots: 2).Submit("t1").Offer("t1", "a").Run("t1").Submit("t2")
        .Offer("t2", "a", offer => offer with { Load = 0.5 }).Run("t2").AssertBreaks("S9");

    [Fact]
    public void S9_a_choice_among_workers_that_are_not_there() => new RecordedRun().Worker("a").Submit("t1")
        .Offer("t1", "a", offer => offer with { Eligible = 2 }).Run("t1").AssertBreaks("S9");

    [Theory]
    [InlineData("suspect")]
    [InlineData("offline")]
    [InlineData("cordoned")]
    [InlineData("draining")]
    [InlineData("drained")]
    [InlineData("quarantined")]
    public void S10_a_worker_that_must_get_nothing(string what) => new RecordedRun().Worker("a").Fleet(what, "a").Submit("t1")
        .Offer("t1", "a").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S10_a_cordon_that_a_new_session_forgot() => new RecordedRun().Worker("a").Fleet("cordoned", "a").Register("a").Submit("t1")
        .Offer("t1", "a").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S10_a_reserve_worker_that_was_not_activated() => new RecordedRun().Worker("r", role: "reserve").Submit("t1")
        .Offer("t1", "r").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S10_a_worker_of_another_pool() => new RecordedRun().Worker("a", with: worker => worker with { Pool = "gpu" }).Submit("t1")
        .Offer("t1", "a").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S10_a_worker_that_does_not_handle_the_type() => new RecordedRun().Worker("a", with: worker => worker with { Types = ["other"] })
        .Submit("t1").Offer("t1", "a").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S10_a_worker_without_the_label() => new RecordedRun()
        .Worker("a", with: worker => worker with { Labels = new Dictionary<string, string> { ["zone"] = "b" } })
        .Submit("t1", with: task => task with { Requires = new Dictionary<string, string> { ["zone"] = "a" } })
        .Offer("t1", "a").Run("t1").AssertBreaks("S10");

    [Fact]
    public void S11_a_reserve_worker_while_an_active_one_has_room() => new RecordedRun().Worker("a", slots: 2)
        .Worker("r", role: "reserve").Fleet("activated", "r").Submit("t1").Submit("t2")
        .Offer("t1", "a").Offer("t2", "r").Run("t1").Run("t2").AssertBreaks("S11");

    [Fact]
    public void S12_a_worker_that_is_not_the_least_loaded() => new RecordedRun().Worker("a", slots: 4).Worker("b", slots: 2).Submit("t1").Submit("t2")
        .Offer("t1", "b").Offer("t2", "b").Run("t1").Run("t2").AssertBreaks("S12");

    [Fact]
    public void S13_a_lower_priority_first() => new RecordedRun().Worker("a").Submit("low", priority: 1).Submit("high", priority: 8)
        .Offer("low", "a").Run("low").Offer("high", "a").Run("high").AssertBreaks("S13");

    [Fact]
    public void S13_a_later_arrival_first() => new RecordedRun().Worker("a").Submit("t1").Submit("t2")
        .Offer("t2", "a").Run("t2").Offer("t1", "a").Run("t1").AssertBreaks("S13");

    [Fact]
    public void S13_a_task_that_came_back_and_lost_its_place() => new RecordedRun().Worker("a").Submit("t1").Submit("t2")
        .Offer("t1", "a").Ended("t1", "undeliverable", reason: "not-in-inventory")
        .Offer("t2", "a").Run("t2").Offer("t1", "a").Run("t1").AssertBreaks("S13");

    [Fact]
    public void S13_a_lower_priority_of_another_type() => new RecordedRun().Worker("a", slots: 2)
        .Submit("low", priority: 1).Submit("high", priority: 8, with: task => task with { Type = "other" })
        .Offer("low", "a").Offer("high", "a").Run("low").Run("high").AssertBreaks("S13");
}
