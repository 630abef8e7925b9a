using Microsoft.Extensions.Time.Testing;

namespace Broker.Agent.Tests;

public sealed class BackoffTests
{
    [Fact]
    public async Task Never_waits_longer_than_told_however_often_it_failed()
    {
        var time = new FakeTimeProvider();
        var backoff = new Backoff(time, new Random(1));

        for (var i = 0; i < 20; i++)
        {
            var wait = backoff.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromSeconds(2));
            await wait.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(0, new[] { 1, 2, 4, 8, 16, 30, 30 })]
    [InlineData(4, new[] { 4, 8, 16, 30, 30 })]
    [InlineData(100, new[] { 30, 30 })]
    public void Waits_up_to_the_spread_of_the_fleet_and_then_twice_as_long_each_time(int spread, int[] limits)
    {
        var time = new FakeTimeProvider();
        var backoff = new Backoff(time, new Longest()) { Spread = TimeSpan.FromSeconds(spread) };
        for (var round = 0; round < 2; round++, backoff.Reset())
        {
            foreach (var limit in limits)
            {
                var waiting = backoff.WaitAsync(TestContext.Current.CancellationToken);
                time.Advance(TimeSpan.FromSeconds(limit * 0.9));
                Assert.False(waiting.IsCompleted);
                time.Advance(TimeSpan.FromSeconds(limit * 0.1));
                Assert.True(waiting.IsCompleted);
            }
        }
    }

    private sealed class Longest : Random
    {
        public override double NextDouble() => 0.999;
    }
}
