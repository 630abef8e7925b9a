namespace Broker.Simulation;

public class SimulationTests
{
    private static readonly CrashPoint[] Points = Enum.GetValues<CrashPoint>();

    /// <summary>Rows 14, 15, 16 and 17 of the faults.</summary>
    [Fact]
    public void Holds_when_the_leader_dies_between_each_two_steps_of_a_turn()
    {
        var summary = RunAll(500, seed => new RunOptions(seed) { Point = Points[seed % Points.Length] });

        // A fault that did not bite proves nothing.
        Assert.Equal(Points, summary.Points.Order());
    }

    [Fact]
    public void Holds_when_everything_goes_wrong_at_once()
    {
        var summary = RunAll(5_000, seed => new RunOptions(seed));

        Assert.Equal(Enum.GetValues<FaultKind>(), summary.Bites.Keys.Order());
    }

    [Fact]
    public void Holds_for_a_large_fleet() =>
        RunAll(5, seed => new RunOptions(seed) { Workers = 200, Tasks = 200 });

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

    private static RunSummary RunAll(int seeds, Func<int, RunOptions> optionsOf)
    {
        var summary = new RunSummary();
        string? story = null;
        Cores.ForEach(1, seeds, seed =>
        {
            if (Volatile.Read(ref story) is not null) return;

            var run = new SimulationRun(optionsOf(seed));
            var result = run.Run();
            lock (summary) summary.Add(result);
            if (result.Violation is not null) Volatile.Write(ref story, Story.Of(run, result));
        });
        Assert.True(story is null, story);
        return summary;
    }
}
