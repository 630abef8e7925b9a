namespace Broker.Simulation;

public class ShrinkerTests
{
    [Fact]
    public void Finds_a_smaller_run_that_breaks_the_same_rule_and_tells_its_story()
    {
        var found = PlantedReport.Find(PlantedBug.NoTokenCheck, new RunOptions(0), seeds: 2_000)!;
        var whole = new SimulationRun(found.Options);

        var smallest = Shrinker.Shrink(whole, whole.Run());

        var result = new SimulationRun(smallest.Options).Run();
        Assert.Equal(found.Violation!.Rule, result.Violation?.Rule);
        Assert.NotEqual(whole.Options, smallest.Options);
        var story = Story.Of(new SimulationRun(smallest.Options), result);
        Assert.Contains($"Seed {found.Options.Seed} breaks {found.Violation.Rule}", story, StringComparison.Ordinal);
        Assert.Contains($"Again: {smallest.Options}", story, StringComparison.Ordinal);
    }
}
