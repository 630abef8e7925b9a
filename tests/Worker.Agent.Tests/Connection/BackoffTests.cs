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
}
