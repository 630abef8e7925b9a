using Broker.Bench;

namespace Broker.Scheduler.Tests;

/// <summary>What the benchmark claims of placement on uneven fleets, at a size for every day.</summary>
public sealed class UnevenFleetTests(ITestOutputHelper output)
{
    [Fact]
    public void A_burst_is_done_as_soon_as_any_other_way_or_sooner() => WinsOrTies(null, Contenders.Others, seeds: 3);

    [Fact]
    public void Tasks_of_a_busy_fleet_wait_less_than_in_queues_they_are_sent_to_ahead() => WinsOrTies(0.9, Contenders.Others.Skip(1), seeds: 3);

    /// <summary>They are close, and waits near the limit a matter of luck: by 200 draws, 1.15 ± 0.06 on average, one draw ± 0.4.</summary>
    [Fact]
    public void Tasks_of_a_busy_fleet_wait_no_longer_than_for_a_shared_queue() => WinsOrTies(0.9, Contenders.Others.Take(1), seeds: 40);

    private void WinsOrTies(double? utilization, IEnumerable<Contender> others, int seeds)
    {
        var plan = new UnevenPlan("small", Workers: 12, TimeSpan.FromSeconds(5), utilization);

        var rows = UnevenBench.Run(plan, [.. others], seeds);

        foreach (var row in rows) output.WriteLine($"{row}");
        Assert.DoesNotContain(rows, row => row.Verdict == "loses");
    }
}
