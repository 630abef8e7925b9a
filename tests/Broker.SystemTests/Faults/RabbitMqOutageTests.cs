using System.Diagnostics;
using System.Net;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>RabbitMQ goes away under load and comes back.</summary>
[Collection(FaultTests.Name)]
[Trait("Kind", "fault")]
public sealed class RabbitMqOutageTests(FaultyBroker faulty, ITestOutputHelper output)
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(60);

    private ApiClient Api => faulty.Api;

    /// <summary>Rows 10 and 41 of the faults: clients that hang after a restart, and confirmed tasks that must not be lost.</summary>
    [Fact]
    public async Task RabbitMQ_killed_with_a_thousand_publishes_in_flight_loses_nothing_and_everything_goes_on_by_itself()
    {
        var rounds = FullRun.Of(2, 20);
        for (var round = 1; round <= rounds; round++)
            await RoundAsync($"{round} of {rounds}", away: TimeSpan.FromSeconds(round % 4));
        await RoundAsync("long", away: TimeSpan.FromSeconds(FullRun.Of(8, 90)));
    }

    private async Task RoundAsync(string name, TimeSpan away)
    {
        await faulty.RunOneAsync(RecoveryLimit);
        using var load = new SubmissionLoad(Api, senders: 1_000);
        await load.WaitForAsync(taken: 1_000);
        await faulty.Servers.KillAsync(BrokerServer.RabbitMq);
        await Task.Delay(away, TimeProvider.System, TestContext.Current.CancellationToken);
        await faulty.Servers.StartAgainAsync(BrokerServer.RabbitMq);

        var back = Stopwatch.StartNew();
        await load.WaitForAsync(taken: load.Taken.Count + 100);
        var taking = back.Elapsed;
        await load.StopAsync();
        await faulty.RunOneAsync(RecoveryLimit);
        var running = back.Elapsed;
        var states = await Api.WaitForAllAsync(load.Taken, TimeSpan.FromMinutes(3));
        output.WriteLine($"round {name}: away {away.TotalSeconds:F0} s + start; taking again after {taking.TotalSeconds:F1} s, "
            + $"running after {running.TotalSeconds:F1} s, all {states.Count} ended after {back.Elapsed.TotalSeconds:F1} s; {load}");

        Assert.All(states.Values, state => Assert.Equal("succeeded", state));
        Assert.InRange(load.SlowestRefusal, TimeSpan.Zero, TimeSpan.FromSeconds(7));
        Assert.Equal([], load.Statuses.Except([HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable]));
    }
}
