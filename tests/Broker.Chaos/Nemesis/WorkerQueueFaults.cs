using Broker.Contracts;

namespace Broker.Chaos;

/// <summary>An operator deletes or purges the queue of a worker that is at work.</summary>
internal static class WorkerQueueFaults
{
    private const int Tries = 5;

    public static async Task DeleteAsync(FaultRun run)
    {
        var bot = await Victims.BotAsync(run);
        try
        {
            var queue = new QueueNames().Worker(bot.Name);
            var held = run.Watch.HeldBy(bot.Name);
            await using var @operator = await RabbitOperator.ConnectAsync(run.Cluster.Servers.RabbitMq);
            // It may be about to connect anew.
            for (var tries = 0; tries < 100 && await @operator.ConsumersOfAsync(queue) == 0; tries++) await run.PauseAsync(0.5, 0.5);
            run.Begin(queue, bot.Name);
            var consumers = await @operator.ConsumersOfAsync(queue);
            var messages = await @operator.DeleteAsync(queue);
            run.Bite(consumers > 0 || messages > 0, $"deleted with {consumers} consumers and {messages} messages; {held.Count} attempts held");
            run.Healed();
            await run.RecoverAsync(() => held.TrueForAll(run.Watch.IsOver));
        }
        finally
        {
            bot.Release();
        }
    }

    /// <summary>Offers lie in a queue only while its worker is cut off and not suspect yet, and there is more to do than slots.</summary>
    public static async Task PurgeAsync(FaultRun run)
    {
        var bot = await Victims.BotAsync(run);
        try
        {
            var queue = new QueueNames().Worker(bot.Name);
            await using var @operator = await RabbitOperator.ConnectAsync(run.Cluster.Servers.RabbitMq);
            run.Begin(queue, bot.Name);
            var purged = 0u;
            for (var tries = 0; purged == 0 && tries < Tries; tries++) purged = await PurgeAsync(run, bot, queue, @operator);
            var held = run.Watch.HeldBy(bot.Name);
            run.Bite(purged > 0, $"{purged} messages purged");
            run.Healed();
            await run.RecoverAsync(() => held.TrueForAll(run.Watch.IsOver));
        }
        finally
        {
            bot.Release();
        }
    }

    private static async Task<uint> PurgeAsync(FaultRun run, Member bot, string queue, RabbitOperator @operator)
    {
        // So that it has no attempts in the way and is online.
        await ClusterWatch.UntilAsync(() => run.Watch.HeldBy(bot.Name).Count == 0, TimeProvider.System.GetTimestamp(), TimeSpan.FromSeconds(10));
        var burst = run.Context.Probes.BurstAsync(4 * run.Context.Plan.Bots);
        bot.RabbitMq!.Refuses = true;
        bot.RabbitMq.Cut();
        await ClusterWatch.UntilAsync(
            () => run.Watch.HeldBy(bot.Name).Count > 0, TimeProvider.System.GetTimestamp(), 2 * run.Context.Plan.BeatInterval);
        await run.PauseAsync(0.3, 0.3);
        var purged = await @operator.PurgeAsync(queue);
        bot.RabbitMq.Refuses = false;
        await burst;
        return purged;
    }
}
