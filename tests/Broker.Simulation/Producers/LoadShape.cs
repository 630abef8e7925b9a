namespace Broker.Simulation;

/// <summary>How large a run is and what kinds of tasks and workers it has.</summary>
/// <param name="Length">Simulated time in which tasks come in and things go wrong.</param>
/// <param name="Beat">Of the pool <c>default</c>; workers of the others beat half as often.</param>
/// <param name="Standby">Between two attempts of a standby scheduler.</param>
internal sealed record LoadShape(
    IReadOnlyList<string> Pools, IReadOnlyList<string> Types, int Workers, int Tasks, int Schedulers, TimeSpan Length, TimeSpan Beat, TimeSpan Standby)
{
    /// <summary>Most runs are small, as many small stories find more than a few long ones; some are not.</summary>
    public static LoadShape Draw(RunOptions options)
    {
        var random = Chances.Stream(options.Seed, "shape");
        var (workers, tasks, length) = random.NextDouble() switch
        {
            < 0.003 => (random.Next(30, 201), random.Next(50, 200), random.Seconds(10, 30)),
            < 0.03 => (random.Next(5, 31), random.Next(20, 80), random.Seconds(20, 60)),
            _ => (1 + (int)(4 * Math.Pow(random.NextDouble(), 2)), random.Next(3, 12), random.Seconds(4, 16)),
        };
        return new LoadShape(
            random.Next(3) == 0 ? ["default", "render", "nobody-made-it"] : ["default", "render"], ["mail", "image", "crawl"],
            options.Workers ?? workers, options.Tasks ?? tasks, random.Next(1, 4), length, TimeSpan.FromSeconds(random.Next(1, 4)), random.Seconds(0.5, 2));
    }
}
