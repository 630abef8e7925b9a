using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>Faults of single bots and of their way to RabbitMQ.</summary>
internal static class WorkerFaults
{
    /// <summary>Dies and comes back before anybody missed it.</summary>
    public static Task KillAsync(FaultRun run) => KillAsync(run, 0.1, 2);

    /// <summary>Dies, and is given up before it comes back.</summary>
    public static Task KillLongAsync(FaultRun run)
    {
        var lost = run.Context.Plan.LostAfter.TotalSeconds;
        return KillAsync(run, 1.2 * lost, 2 * lost);
    }

    /// <summary>Stands still until it is given up, then goes on with attempts that are another's by now.</summary>
    public static Task PauseAsync(FaultRun run) => HarmAsync(run, async (bot, held) =>
    {
        var isPaused = await bot.PauseAsync();
        await OutlastAsync(run);
        run.Bite(isPaused, $"stopped with {held} attempts");
        await bot.ContinueAsync();
    });

    public static Task CutAsync(FaultRun run) =>
        HarmAsync(run, (bot, held) => Links.CutAsync(run, bot.RabbitMq!, $"{held} attempts held"));

    public static Task StallToServerAsync(FaultRun run) => StallAsync(run, bot => bot.RabbitMq!.ToServer);

    public static Task StallToClientAsync(FaultRun run) => StallAsync(run, bot => bot.RabbitMq!.ToClient);

    private static Task StallAsync(FaultRun run, Func<Member, ProxyGate> gateOf) => HarmAsync(run, async (bot, held) =>
    {
        var lost = run.Context.Plan.LostAfter;
        await Links.HoldAsync(run, gateOf(bot), 1.2 * lost, 2 * lost, $"{held} attempts held");
    });

    private static Task KillAsync(FaultRun run, double awayFrom, double awayTo) => HarmAsync(run, async (bot, held) =>
    {
        run.Bite(await bot.KillAsync(), $"killed with {held} attempts");
        await run.PauseAsync(awayFrom, awayTo);
        bot.Start();
    });

    private static async Task HarmAsync(FaultRun run, Func<Member, int, Task> harm)
    {
        var bot = await Victims.BotAsync(run);
        try
        {
            var held = run.Watch.HeldBy(bot.Name);
            run.Held = held.Count;
            run.Begin(bot.Name, bot.Name);
            await harm(bot, held.Count);
            run.Healed();
            await run.RecoverAsync(() => held.TrueForAll(run.Watch.IsOver));
        }
        finally
        {
            bot.Release();
        }
    }

    private static Task OutlastAsync(FaultRun run)
    {
        var lost = run.Context.Plan.LostAfter.TotalSeconds;
        return run.PauseAsync(1.2 * lost, 2 * lost);
    }
}
