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

    /// <summary>However many they are: each look is a turn, unless it is shared.</summary>
    [Fact]
    public void Silent_workers_are_looked_at_ten_times_an_interval_at_most_and_never_early()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(3));
        var due = Enumerable.Range(0, 1_000).Select(i => start + TimeSpan.FromMilliseconds(10 * i)).ToList();
        var looks = due.ConvertAll(at => WorkerLiveness.LookAt(at, TimeSpan.FromSeconds(10)));

        Assert.InRange(looks.Distinct().Count(), 10, 11);
        Assert.All(due.Zip(looks), pair => Assert.InRange(pair.Second - pair.First, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(10_000, 10)]
    [InlineData(10_001, 11)]
    [InlineData(50_000, 50)]
    public void The_interval_stretches_with_the_fleet(int workers, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WorkerLiveness.IntervalFor(TimeSpan.FromSeconds(10), workers));
}
