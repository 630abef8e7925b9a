namespace Broker.Chaos;

/// <summary>Which tasks come when, by the seed: a steady stream with bursts, so that there is a backlog now and then.</summary>
internal static class LoadPlan
{
    private const int ShortestTaskMs = 200;

    /// <summary>Of all tasks, those that come in bursts: three quarters of a minute apart.</summary>
    private const double InBursts = 0.25;

    private static readonly TimeSpan BurstEvery = TimeSpan.FromSeconds(45);

    public static List<PlannedTask> Of(RunPlan plan)
    {
        var random = new Random(plan.Seed);
        var bursts = Math.Max(1, (int)(plan.Duration / BurstEvery));
        return [.. Enumerable.Range(0, plan.Tasks).Select(index => NewTask(plan, index, bursts, random)).OrderBy(task => task.At)];
    }

    private static PlannedTask NewTask(RunPlan plan, int index, int bursts, Random random)
    {
        var at = random.NextDouble() < InBursts
            ? (random.Next(bursts) + 0.5) / bursts * plan.Duration
            : random.NextDouble() * plan.Duration;
        var payload = new ChaosPayload(random.Next(ShortestTaskMs, plan.LongestTaskMs), random.Next(100) switch
        {
            0 => 100,           // until it is dead
            < 4 => 1,
            _ => 0,
        }, Hopeless: random.Next(2) == 0);
        return new PlannedTask(at, $"{plan.Seed}-{index}", random.Next(10), random.NextDouble() < plan.SleepShare ? "sleep" : "chaos", payload);
    }
}
