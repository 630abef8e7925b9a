using System.Collections.Concurrent;

namespace Broker.Simulation;

public class SimulationTests
{
    private static readonly CrashPoint[] Points = Enum.GetValues<CrashPoint>();

    [Fact]
    public void Holds_when_the_leader_dies_between_each_two_steps_of_a_turn()
    {
        var summary = RunAll(Enumerable.Range(1, 500).Select(seed => new RunOptions(seed) { Point = Points[seed % Points.Length] }));

        // A fault that did not bite proves nothing.
        Assert.Equal(Points, summary.Points.Order());
    }

    [Fact]
    public void Holds_when_everything_goes_wrong_at_once()
    {
        var summary = RunAll(Enumerable.Range(1, 5_000).Select(seed => new RunOptions(seed)));

        Assert.Equal(Enum.GetValues<FaultKind>(), summary.Bites.Keys.Order());
    }

    [Fact]
    public void Holds_for_a_large_fleet() =>
        RunAll(Enumerable.Range(1, 5).Select(seed => new RunOptions(seed) { Workers = 200, Tasks = 200 }));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.5)]
    [InlineData(3, 1)]
    [InlineData(4, 1)]
    public void Repeats_a_seed_exactly(int seed, double agents)
    {
        var options = new RunOptions(seed) { Agents = agents };
        var first = new SimulationRun(options);
        var second = new SimulationRun(options);

        Assert.Equal(first.Run().Steps, second.Run().Steps);
        Assert.Equal(first.Journal.Hash(), second.Journal.Hash());
        Assert.True(first.Journal.Count > 30, "A run without a story compares nothing.");
    }

    [Theory]
    [MemberData(nameof(PlantedBugs))]
    public void Notices_a_planted_bug(string planted) =>
        Assert.NotNull(PlantedReport.Find(Enum.Parse<PlantedBug>(planted), new RunOptions(0), seeds: 2_000));

    public static IEnumerable<TheoryDataRow<string>> PlantedBugs() => Enum.GetNames<PlantedBug>().Select(name => new TheoryDataRow<string>(name));

    private static RunSummary RunAll(IEnumerable<RunOptions> runs)
    {
        var summary = new RunSummary();
        var stories = new ConcurrentBag<string>();
        Parallel.ForEach(runs, (options, loop) =>
        {
            var run = new SimulationRun(options);
            var result = run.Run();
            lock (summary) summary.Add(result);
            if (result.Violation is null) return;

            loop.Stop();
            stories.Add(Story.Of(run, result));
        });
        Assert.True(stories.IsEmpty, string.Join("\n\n", stories));
        return summary;
    }
}
