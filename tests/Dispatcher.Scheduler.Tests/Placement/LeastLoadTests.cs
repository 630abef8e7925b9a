using Broker.Contracts;
using static Broker.Scheduler.Tests.FleetBuilder;

namespace Broker.Scheduler.Tests;

public sealed class LeastLoadTests
{
    [Fact]
    public void Prefers_the_worker_with_the_lowest_load_not_the_fewest_tasks()
    {
        var fleet = AFleet(AWorker("a", slots: 4, used: 2), AWorker("b", slots: 10, used: 3));

        Assert.Equal("b", Chosen(fleet));
    }

    [Fact]
    public void Ties_go_to_the_least_recently_chosen_then_the_smallest_id()
    {
        var (a, b) = (AWorker("a", slots: 2), AWorker("b", slots: 4));
        var fleet = AFleet(b, a);
        Assert.Equal("a", Chosen(fleet));

        var task = ATask(AClass());
        fleet.Take(a, task);
        fleet.Give(a, task);

        Assert.Equal("b", Chosen(fleet));
    }

    [Fact]
    public void A_reserve_worker_is_used_only_when_no_active_one_has_room()
    {
        var active = AWorker("a", slots: 10, used: 9);
        var fleet = AFleet(active, AWorker("r", slots: 10, reserve: true), AWorker("z", slots: 10, reserve: true, activated: false));
        Assert.Equal("a", Chosen(fleet));

        fleet.Take(active, ATask(AClass()));

        Assert.Equal("r", Chosen(fleet));
    }

    [Fact]
    public void A_reserve_worker_is_used_when_active_ones_have_too_little_room()
    {
        var fleet = AFleet(AWorker("a", slots: 4, used: 2), AWorker("r", slots: 4, used: 1, reserve: true));

        Assert.Equal("r", Chosen(fleet, cost: 3));
    }

    [Fact]
    public void Says_why_nobody_was_chosen()
    {
        Assert.Equal(WaitReason.NoEligibleWorker, Waits(AFleet(), AClass()));
        Assert.Equal(WaitReason.NoEligibleWorker, Waits(AFleet(AWorker("a", admission: Admission.Cordoned)), AClass()));
        Assert.Equal(WaitReason.NoEligibleWorker, Waits(AFleet(AWorker("a", slots: 2)), AClass(cost: 3)));
        Assert.Equal(WaitReason.PoolFull, Waits(AFleet(AWorker("a", slots: 2, used: 2)), AClass()));
        Assert.Equal(WaitReason.WaitingForRoom, Waits(AFleet(AWorker("a", slots: 2, used: 1)), AClass(cost: 2)));
    }

    [Fact]
    public void A_label_of_one_worker_does_not_speak_for_others_it_was_grouped_with()
    {
        var fleet = AFleet(AWorker("a", labels: new() { ["gpu"] = "a100" }), AWorker("b"));
        Assert.Equal("a", Chosen(fleet));

        var decision = LeastLoad.Choose(fleet, AClass(requires: ("gpu", "a100")));

        Assert.Equal(("a", 1), decision is PlacementDecision.Offer(var worker, var eligible) ? (worker.Id, eligible) : default);
    }

    [Fact]
    public void Labels_that_would_read_alike_when_joined_are_told_apart()
    {
        var fleet = AFleet(AWorker("a", labels: new() { ["k=x"] = "y" }), AWorker("b", labels: new() { ["k"] = "x=y" }));

        Assert.Equal("a", Chosen(fleet, requires: ("k=x", "y")));
        Assert.Equal("b", Chosen(fleet, requires: ("k", "x=y")));
    }

    private static string? Chosen(FleetIndex fleet, int cost = 1, params (string, string)[] requires) =>
        LeastLoad.Choose(fleet, AClass(cost: cost, requires: requires)) is PlacementDecision.Offer(var worker, _) ? worker.Id : null;

    private static WaitReason? Waits(FleetIndex fleet, Storage.TaskClass taskClass) =>
        LeastLoad.Choose(fleet, taskClass) is PlacementDecision.Wait(var reason) ? reason : null;
}
