using System.Collections.Concurrent;

namespace Broker.Simulation;

public class SimulationTests
{
    private static readonly CrashPoint[] Points = Enum.GetValues<CrashPoint>();

    [Fact]
    public void Holds_when_the_leader_dies_between_each_two_steps_of_a_turn()
    {
        var hits = RunAll(seeds: 200, from: 1, seed => Points[seed % Points.Length]);

        // A fault that did not bite proves nothing.
        Assert.Equal(Points, hits.Distinct().Order());
    }

    [Fact]
    public void Holds_when_everything_goes_wrong_at_once() => RunAll(seeds: 200, from: 1_000, _ => null);

    [Theory]
    [InlineData(122)]     // a beat that came while the database was asked counted as silence
    [InlineData(267)]
    [InlineData(5177)]    // a redelivered registration of a lost session was told to beat every 0 s
    public void Holds_for_seeds_that_failed_once(int seed) => RunAll(seeds: 1, from: seed, _ => null, agents: 0);

    [Theory]
    [InlineData(10_179)]  // its own registration, unanswered and late, made the agent end as replaced
    [InlineData(10_458)]
    [InlineData(10_688)]
    public void Holds_for_seeds_that_failed_with_agents(int seed) => RunAll(seeds: 1, from: seed, _ => null, agents: 1);

    [Fact]
    public void Holds_for_a_large_fleet() => RunAll(seeds: 5, from: 1, _ => null, workers: 200);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.5)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public void Repeats_a_seed_exactly(int seed, double agents)
    {
        var first = new SimulationRun(seed, agents: agents);
        var second = new SimulationRun(seed, agents: agents);

        Assert.Equal(first.Run().Steps, second.Run().Steps);
        Assert.Equal(first.Journal.Hash(), second.Journal.Hash());
        Assert.True(first.Journal.Count > 100, "A run without a story compares nothing.");
    }

    [Theory]
    [InlineData(PlantedBug.NoEpochFence)]
    [InlineData(PlantedBug.AcknowledgeOnArrival)]
    [InlineData(PlantedBug.MixUpQueues)]
    [InlineData(PlantedBug.ShareMemory)]
    internal void Notices_a_planted_bug(PlantedBug planted)
    {
        const int SeedLimit = 50;
        var seed = Enumerable.Range(1, SeedLimit).FirstOrDefault(seed => new SimulationRun(seed, planted: planted).Run().Violation is not null);

        Assert.NotEqual(0, seed);
    }

    private static ConcurrentBag<CrashPoint> RunAll(int seeds, int from, Func<int, CrashPoint?> pointOf, int? workers = null, double? agents = null)
    {
        var hits = new ConcurrentBag<CrashPoint>();
        var stories = new ConcurrentBag<string>();
        Parallel.For(from, from + seeds, (seed, loop) =>
        {
            var run = new SimulationRun(seed, pointOf(seed), workers, agents: agents);
            var result = run.Run();
            foreach (var hit in result.Hits) hits.Add(hit);
            if (result.Violation is null) return;

            stories.Add(Story.Of(run, result, pointOf(seed), workers, agents));
            loop.Stop();
        });
        Assert.True(stories.IsEmpty, string.Join("\n\n", stories));
        return hits;
    }
}
