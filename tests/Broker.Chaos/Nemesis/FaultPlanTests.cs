namespace Broker.Chaos;

/// <summary>A plan is what the seed makes of it, and as large as it was asked to be.</summary>
public sealed class FaultPlanTests
{
    private static readonly RunPlan Full = new() { Seed = 7, Folder = "" };

    [Fact]
    public void A_seed_gives_the_same_faults_and_tasks_again()
    {
        Assert.Equal(FaultPlan.Of(Full), FaultPlan.Of(Full));
        Assert.Equal(LoadPlan.Of(Full), LoadPlan.Of(Full));
        Assert.NotEqual(FaultPlan.Of(Full), FaultPlan.Of(Full with { Seed = 8 }));
    }

    [Fact]
    public void A_full_run_has_200_faults_of_every_kind_there_is()
    {
        var faults = FaultPlan.Of(Full);

        Assert.Equal(200, faults.Count);
        Assert.Equal(Full.Faults.OrderBy(pair => pair.Key), faults.CountBy(fault => fault.Category).OrderBy(pair => pair.Key));
        Assert.Equal(FaultPlan.KindCounts.Values.Sum(), faults.DistinctBy(fault => (fault.Category, fault.Kind)).Count());
    }

    [Fact]
    public void A_quick_run_has_20_kills() =>
        Assert.Equal(20, FaultPlan.Of(RunPlan.Quick(7, "")).Count(fault => fault.Kind is "stop" || fault.Kind.StartsWith("kill", StringComparison.Ordinal)));
}
