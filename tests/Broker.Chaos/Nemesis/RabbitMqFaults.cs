using Broker.Contracts;
using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>Faults of RabbitMQ as a whole, one at a time.</summary>
internal static class RabbitMqFaults
{
    private const int PurgeTries = 5;
    private static readonly TimeSpan BlockLimit = TimeSpan.FromSeconds(20);

    public static async Task KillAsync(FaultRun run)
    {
        run.Begin("rabbitmq");
        await run.Cluster.Servers.KillAsync(BrokerServer.RabbitMq);
        run.Bite(true, "killed");
        await run.PauseAsync(0.5, 5);
        await run.HealAsync(() => run.Cluster.Servers.StartAgainAsync(BrokerServer.RabbitMq));
    }

    public static Task MemoryAlarmAsync(FaultRun run) =>
        AlarmAsync(run, ["set_vm_memory_high_watermark", "0"], ["set_vm_memory_high_watermark", "absolute", "1GB"]);

    public static Task DiskAlarmAsync(FaultRun run) =>
        AlarmAsync(run, ["set_disk_free_limit", "100000GB"], ["set_disk_free_limit", "100MB"]);

    public static Task DeleteReportsAsync(FaultRun run) => DeleteAsync(run, new QueueNames().Reports);

    public static Task DeleteBeatsAsync(FaultRun run) => DeleteAsync(run, new QueueNames().Beats);

    public static Task PurgeReportsAsync(FaultRun run) => PurgeAsync(run, new QueueNames().Reports);

    public static Task PurgeBeatsAsync(FaultRun run) => PurgeAsync(run, new QueueNames().Beats);

    private static Task AlarmAsync(FaultRun run, string[] raise, string[] lower) => HarmAsync(run, raise[0], async servers =>
    {
        await using var @operator = await RabbitOperator.ConnectAsync(servers.RabbitMq);
        await servers.RabbitMqCtlAsync(raise);
        try
        {
            run.Bite(await @operator.SeesBlockAsync(BlockLimit), "connection.blocked");
            await run.PauseAsync(3, 8);
        }
        finally
        {
            await servers.RabbitMqCtlAsync(lower);
        }
    });

    private static Task DeleteAsync(FaultRun run, string queue) => HarmAsync(run, queue, async servers =>
    {
        await using var @operator = await RabbitOperator.ConnectAsync(servers.RabbitMq);
        var consumers = await @operator.ConsumersOfAsync(queue);
        var messages = await @operator.DeleteAsync(queue);
        run.Bite(consumers > 0 || messages > 0, $"deleted with {consumers} consumers and {messages} messages");
    });

    private static Task PurgeAsync(FaultRun run, string queue) => HarmAsync(run, queue, async servers =>
    {
        await using var @operator = await RabbitOperator.ConnectAsync(servers.RabbitMq);
        var purged = 0u;
        for (var tries = 0; purged == 0 && tries < PurgeTries; tries++) purged = await PurgeWithoutLeaderAsync(run, @operator, queue);
        run.Bite(purged > 0, $"{purged} messages purged");
    });

    /// <summary>Messages lie there only while nobody leads: so the leader dies first.</summary>
    private static async Task<uint> PurgeWithoutLeaderAsync(FaultRun run, RabbitOperator @operator, string queue)
    {
        var leader = await Victims.LeaderAsync(run);
        try
        {
            await leader.KillAsync();
            var purged = 0u;
            for (var looks = 0; purged == 0 && looks < 10; looks++)
            {
                await run.PauseAsync(0.3, 0.3);
                purged = await @operator.PurgeAsync(queue);
            }
            return purged;
        }
        finally
        {
            leader.Start();
            leader.Release();
        }
    }

    private static async Task HarmAsync(FaultRun run, string target, Func<PrivateServers, Task> harm)
    {
        run.Begin(target);
        await harm(run.Cluster.Servers);
        await run.NextCompletionAsync();
    }
}
