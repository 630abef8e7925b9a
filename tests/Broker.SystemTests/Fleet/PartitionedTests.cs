using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>Tests of one bot that runs a task behind a proxy.</summary>
[Trait("Kind", "fault")]
public abstract class PartitionedTests(SharedServer server) : PoolTests(server)
{
    /// <summary>Three beats of a second and the grace.</summary>
    protected static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(8);

    private protected async Task<ProxiedBot> StartBotAsync()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "1s" } });
        var proxy = new TcpProxy(Broker.RabbitMq.Host, Broker.RabbitMq.Port);
        var fleet = new BotFleet(Broker, proxy);
        _ = fleet.Start($"{Pool}-bot", Pool);
        var task = await SubmitAsync(new { type = "hold" });
        await Api.WaitForStateAsync(task, "running", Patience);
        return new ProxiedBot(proxy, fleet, task);
    }

    protected async Task<(int Attempts, int Losses)> AttemptsAndLossesAsync(string id)
    {
        var task = await Api.TaskAsync(id);
        return ((int)task["attempts"]!, (int)task["losses"]!);
    }

    /// <summary>One success, no attempt run twice, and the worker gets and does new work.</summary>
    private protected async Task EndedOnceAndWorksOnAsync(ProxiedBot bot)
    {
        await Api.WaitForStateAsync(await SubmitAsync(new { type = "hold" }), "succeeded", Patience);
        Assert.Single(await Api.EventsAsync(bot.Task), step => (string?)step["outcome"] == "succeeded");
        Assert.Equal(bot.Fleet.Runs.Distinct(), bot.Fleet.Runs);
    }

    private protected sealed record ProxiedBot(TcpProxy Proxy, BotFleet Fleet, string Task) : IAsyncDisposable
    {
        /// <summary>Both ways, connections and tries to connect.</summary>
        public void CutOff()
        {
            Proxy.Refuses = true;
            Proxy.Cut();
        }

        public async ValueTask DisposeAsync()
        {
            Proxy.Heal();
            await Fleet.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}
