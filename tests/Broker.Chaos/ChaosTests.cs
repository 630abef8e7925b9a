namespace Broker.Chaos;

/// <summary>The small run of every day.</summary>
public sealed class ChaosTests
{
    [Fact]
    public async Task Loses_nothing_and_runs_nothing_twice_unasked_under_20_kills()
    {
        var folder = Directory.CreateTempSubdirectory("chaos-history-").FullName;
        var output = TestContext.Current.TestOutputHelper!;
        var report = await new ChaosRun(RunPlan.Quick(seed: 1, folder), output.WriteLine)
            .RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(report.Text);

        // Kept when it fails: it can be judged again.
        Assert.True(report.Verdict == Verdict.Valid, $"{report.Text}\nThe history is in {folder}.");
        Directory.Delete(folder, recursive: true);
    }
}
