using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class WorkerLivenessTests
{
    [Theory]
    [InlineData(19.9, Liveness.Online)]
    [InlineData(20, Liveness.Suspect)]
    [InlineData(34.9, Liveness.Suspect)]
    [InlineData(35, Liveness.Lost)]
    public void Two_missed_beats_make_suspect_three_and_a_grace_lost(double silence, string liveness) =>
        Assert.Equal(liveness, WorkerLiveness.Judge(TimeSpan.FromSeconds(silence), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)));

    [Theory]
    [InlineData(100, 10)]
    [InlineData(10_000, 10)]
    [InlineData(10_001, 11)]
    [InlineData(50_000, 50)]
    public void The_interval_stretches_with_the_fleet(int workers, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WorkerLiveness.IntervalFor(TimeSpan.FromSeconds(10), workers));
}
