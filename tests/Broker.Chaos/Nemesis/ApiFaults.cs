namespace Broker.Chaos;

/// <summary>Faults of API processes. Each is repaired when the process takes a task again.</summary>
internal static class ApiFaults
{
    public static Task KillAsync(FaultRun run) => HarmAsync(run, async api =>
    {
        run.Bite(await api.KillAsync(), "killed");
        await run.PauseAsync(0.2, 3);
        api.Start();
    });

    public static Task PauseAsync(FaultRun run) => HarmAsync(run, async api =>
    {
        var isPaused = await api.PauseAsync();
        await run.PauseAsync(3, 8);
        run.Bite(isPaused, "stopped");
        await api.ContinueAsync();
    });

    public static Task CutRabbitMqAsync(FaultRun run) => HarmAsync(run, api => Links.CutAsync(run, api.RabbitMq!, "of an API process"));

    /// <summary>Confirms and replies don't arrive.</summary>
    public static Task StallRabbitMqAsync(FaultRun run) => HarmAsync(run, api => Links.HoldAsync(
        run, api.RabbitMq!.ToClient, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9), "of an API process"));

    /// <summary>The database is away for this process alone.</summary>
    public static Task RefusePostgresAsync(FaultRun run) => HarmAsync(run, async api =>
    {
        var link = api.Postgres!.Proxy;
        await Links.CutAsync(run, link, "and no new ones", isClosed: true);
        await run.PauseAsync(4, 8);
        link.Refuses = false;
    });

    private static async Task HarmAsync(FaultRun run, Func<Member, Task> harm)
    {
        var api = await Victims.ApiAsync(run);
        try
        {
            run.Begin(api.Member.Name);
            await harm(api.Member);
            var healedAt = TimeProvider.System.GetTimestamp();
            run.Healed();
            var taken = run.Context.Probes.SubmitAsync(api);
            await run.RecoverAsync(() => taken.IsCompletedSuccessfully, healedAt);
        }
        finally
        {
            api.Member.Release();
        }
    }
}
