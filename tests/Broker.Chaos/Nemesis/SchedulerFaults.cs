using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>Faults of schedulers, mostly of the one that leads.</summary>
internal static class SchedulerFaults
{
    /// <summary>Longer than a lease of leadership and than the time a standby waits for its locks.</summary>
    private static readonly TimeSpan PauseAtLeast = TimeSpan.FromSeconds(6);

    public static Task KillLeaderAsync(FaultRun run) => HarmLeaderAsync(run, async (leader, epoch) =>
    {
        run.Bite(await leader.KillAsync(), $"killed in epoch {epoch}");
        var started = StartLaterAsync(run, leader);
        await run.NewEpochAsync(epoch);
        await started;
    });

    /// <summary>As an update does it.</summary>
    public static Task StopLeaderAsync(FaultRun run) => HarmLeaderAsync(run, async (leader, epoch) =>
    {
        var stopped = leader.StopAsync();
        var after = await run.NewEpochAsync(epoch);
        run.Bite(await stopped == 0 && after is not null, $"stopped in epoch {epoch}");
        await StartLaterAsync(run, leader);
    });

    public static Task PauseLeaderAsync(FaultRun run) => HarmLeaderAsync(run, async (leader, epoch) =>
    {
        var isPaused = await leader.PauseAsync();
        try
        {
            var after = await run.NewEpochAsync(epoch);
            if (after < PauseAtLeast) await Task.Delay(PauseAtLeast - after.Value, TimeProvider.System);
            run.Bite(isPaused && after is not null, $"stopped in epoch {epoch}; epoch {run.Watch.Leadership.Epoch} began");
        }
        finally
        {
            await leader.ContinueAsync();
        }
    });

    public static async Task KillStandbyAsync(FaultRun run)
    {
        var standby = await Victims.StandbyAsync(run);
        try
        {
            run.Begin(standby.Name);
            run.Bite(await standby.KillAsync(), "killed while it stood by");
            await StartLaterAsync(run, standby);
            await run.NextCompletionAsync();
        }
        finally
        {
            standby.Release();
        }
    }

    public static Task CutRabbitMqAsync(FaultRun run) => HarmLinkAsync(run, leader => leader.RabbitMq!, CutAsync);

    public static Task CutPostgresAsync(FaultRun run) => HarmLinkAsync(run, leader => leader.Postgres!.Proxy, CutAsync);

    public static Task StallRabbitMqToServerAsync(FaultRun run) =>
        HarmLinkAsync(run, leader => leader.RabbitMq!, (run, link) => StallAsync(run, link.ToServer));

    /// <summary>Reports and beats don't arrive: the fault is not the workers'.</summary>
    public static Task StallRabbitMqToClientAsync(FaultRun run) =>
        HarmLinkAsync(run, leader => leader.RabbitMq!, (run, link) => StallAsync(run, link.ToClient));

    public static Task StallPostgresToServerAsync(FaultRun run) =>
        HarmLinkAsync(run, leader => leader.Postgres!.Proxy, (run, link) => StallAsync(run, link.ToServer));

    public static Task StallPostgresToClientAsync(FaultRun run) =>
        HarmLinkAsync(run, leader => leader.Postgres!.Proxy, (run, link) => StallAsync(run, link.ToClient));

    private static Task StallAsync(FaultRun run, ProxyGate gate) =>
        Links.HoldAsync(run, gate, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), "of the leader");

    private static Task CutAsync(FaultRun run, TcpProxy link) => Links.CutAsync(run, link, "of the leader");

    private static async Task HarmLinkAsync(FaultRun run, Func<Member, TcpProxy> linkOf, Func<FaultRun, TcpProxy, Task> harm)
    {
        var leader = await Victims.LeaderAsync(run);
        try
        {
            run.Begin(leader.Name);
            await harm(run, linkOf(leader));
            await run.NextCompletionAsync();
        }
        finally
        {
            leader.Release();
        }
    }

    private static async Task HarmLeaderAsync(FaultRun run, Func<Member, int, Task> harm)
    {
        var leader = await Victims.LeaderAsync(run);
        try
        {
            var epoch = run.Watch.Leadership.Epoch;
            run.Begin(leader.Name);
            // Measured beside the fault, which has more to wait for.
            var recovered = RecoverAsync(run, epoch);
            await harm(leader, epoch);
            run.Healed();
            await recovered;
        }
        finally
        {
            leader.Release();
        }
    }

    /// <summary>The first commit of another epoch: what is seen of it first is its beginning.</summary>
    private static async Task RecoverAsync(FaultRun run, int epoch)
    {
        await ClusterWatch.UntilAsync(() => run.Watch.Leadership.Epoch > epoch, run.Since, FaultRun.RecoveryLimit);
        var begun = run.Watch.Leadership.Turn;
        await run.RecoverAsync(() => run.Watch.Leadership.Epoch > epoch && run.Watch.Leadership.Turn > begun);
    }

    private static async Task StartLaterAsync(FaultRun run, Member member)
    {
        await run.PauseAsync(0.2, 3);
        member.Start();
    }
}
