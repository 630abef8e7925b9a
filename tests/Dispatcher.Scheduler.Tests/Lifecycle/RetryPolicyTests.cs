using Broker.Contracts;

namespace Broker.Scheduler.Tests;

public sealed class RetryPolicyTests
{
    private static readonly RetrySettings Settings = new() { Base = TimeSpan.FromSeconds(5), Cap = TimeSpan.FromMinutes(10) };

    [Fact]
    public void Gives_up_when_the_failures_are_used_up_or_it_makes_no_sense()
    {
        Assert.Null(RetryPolicy.NextAttempt(Guid.NewGuid(), 3, 3, 3, retryable: true, null, Settings));
        Assert.Null(RetryPolicy.NextAttempt(Guid.NewGuid(), 1, 1, 3, retryable: false, TimeSpan.Zero, Settings));
    }

    [Fact]
    public void Waits_are_spread_evenly_between_nothing_and_a_ceiling_that_doubles_up_to_the_cap()
    {
        for (var failures = 1; failures <= 40; failures++)
        {
            var ceiling = Math.Min(5_000 * Math.Pow(2, failures - 1), 600_000);
            var waits = Enumerable.Range(0, 2_000).Select(i =>
                RetryPolicy.NextAttempt(new Guid(i, 0, 0, new byte[8]), failures, failures, 100, true, null, Settings)!.Value.TotalMilliseconds).ToList();

            Assert.All(waits, wait => Assert.InRange(wait, 0, ceiling));
            Assert.InRange(waits.Average(), ceiling * 0.45, ceiling * 0.55);
        }
    }

    [Fact]
    public void The_same_attempt_always_waits_as_long()
    {
        var task = Guid.NewGuid();

        Assert.Equal(Wait(1), Wait(1));
        Assert.NotEqual(Wait(1), Wait(2));

        TimeSpan? Wait(int attempt) => RetryPolicy.NextAttempt(task, attempt, 5, 100, true, null, Settings);
    }

    [Fact]
    public void What_the_worker_asks_for_replaces_the_back_off_within_a_week()
    {
        Assert.Equal(TimeSpan.FromHours(1), Ask(TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromDays(7), Ask(TimeSpan.MaxValue));

        static TimeSpan? Ask(TimeSpan asked) => RetryPolicy.NextAttempt(Guid.NewGuid(), 1, 1, 3, true, asked, Settings);
    }
}
