using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>Faults of PostgreSQL as a whole, one at a time, and of its most precious answers.</summary>
internal static class PostgresFaults
{
    private const int Tries = 5;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public static Task StopAsync(FaultRun run) => OutageAsync(run, () => run.Cluster.Servers.KillAsync(BrokerServer.Postgres), "stopped at once");

    public static Task KillAsync(FaultRun run) => OutageAsync(run, run.Cluster.Servers.KillPostmasterAsync, "killed");

    /// <summary>A turn is committed, and its leader never hears of it.</summary>
    public static async Task LoseCommitReplyAsync(FaultRun run)
    {
        var leader = await Victims.LeaderAsync(run);
        try
        {
            run.Begin(leader.Name);
            var didBite = false;
            for (var tries = 0; !didBite && tries < Tries; tries++) didBite = await LoseReplyAsync(run, leader);
            if (!didBite) run.Bite(false, "no commit was seen");
            await run.NextCompletionAsync();
        }
        finally
        {
            leader.Release();
        }
    }

    private static async Task<bool> LoseReplyAsync(FaultRun run, Member leader)
    {
        if (leader.Postgres!.Find(run.Watch.Leadership.BackendPid) is not { } connection)
        {
            await run.PauseAsync(0.5, 1);
            return false;
        }
        var trap = new CommitReplyTrap();
        connection.Set(trap);
        try
        {
            if (!await trap.Answered.WaitAsync(AnswerLimit, TimeProvider.System)) return false;

            run.Bite(true, $"{trap.Bytes} bytes of a commit's answer swallowed");
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            leader.Postgres.Proxy.Cut();
        }
    }

    /// <summary>It refuses to start while a process of its former life is left.</summary>
    private static async Task StartAsync(PrivateServers servers)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await servers.StartAgainAsync(BrokerServer.Postgres);
                return;
            }
            catch (InvalidOperationException) when (tries < Tries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
            }
        }
    }

    private static async Task OutageAsync(FaultRun run, Func<Task> end, string evidence)
    {
        run.Begin("postgresql");
        await end();
        run.Bite(true, evidence);
        await run.PauseAsync(0.5, 6);
        await run.HealAsync(() => StartAsync(run.Cluster.Servers));
    }
}
