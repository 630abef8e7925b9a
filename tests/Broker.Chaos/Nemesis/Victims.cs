namespace Broker.Chaos;

/// <summary>Finds processes to harm. A victim is claimed, so that faults overlap but never spoil each other.</summary>
internal static class Victims
{
    /// <summary>Time to find one: nobody may hold anything in the middle of an outage.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Most faults want a bot with something to lose.</summary>
    private static readonly TimeSpan WantsHolder = TimeSpan.FromSeconds(10);

    /// <summary>A running bot, by preference one that has attempts.</summary>
    public static Task<Member> BotAsync(FaultRun run) => ClaimAsync(run, waited =>
    {
        var running = run.Cluster.Bots.Where(bot => bot.IsRunning).ToArray();
        run.Random.Shuffle(running);
        return waited < WantsHolder ? running.Where(bot => run.Watch.HeldBy(bot.Name).Count > 0) : running;
    });

    /// <summary>The scheduler that leads.</summary>
    public static Task<Member> LeaderAsync(FaultRun run) =>
        ClaimAsync(run, _ => run.Cluster.Leader() is { } leader ? [leader] : []);

    /// <summary>A scheduler that does not lead.</summary>
    public static Task<Member> StandbyAsync(FaultRun run) =>
        ClaimAsync(run, _ => run.Cluster.Schedulers.Where(member => member.IsRunning && member != run.Cluster.Leader()));

    public static async Task<ApiMember> ApiAsync(FaultRun run)
    {
        var apis = run.Cluster.Apis.ToArray();
        run.Random.Shuffle(apis);
        var member = await ClaimAsync(run, _ => apis.Select(api => api.Member).Where(member => member.IsRunning));
        return apis.Single(api => api.Member == member);
    }

    private static async Task<Member> ClaimAsync(FaultRun run, Func<TimeSpan, IEnumerable<Member>> choose)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) is var waited && waited < Patience)
        {
            if (choose(waited).FirstOrDefault(member => member.TryClaim()) is { } member) return member;
            await run.PauseAsync(0.1, 0.2);
        }
        throw new TimeoutException("There was nobody to harm.");
    }
}
