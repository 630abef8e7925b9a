namespace Broker.Bench;

/// <summary>What the contenders are given: a fleet drawn by chance and a load on it, the same for each of them.</summary>
/// <param name="Name">The load, as the table says it.</param>
/// <param name="Workers">Slots 1, 2, 4, 8 or 16; speed 0.5 to 2, half of them slower than 1.</param>
/// <param name="Length">How long the fleet would need for all of it, were it never idle.</param>
/// <param name="Utilization">Arrivals at this share of what the fleet can do; null: all tasks at once.</param>
internal sealed record UnevenPlan(string Name, int Workers, TimeSpan Length, double? Utilization)
{
    private const double LongShare = 0.1;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    /// <summary>All at once counts until the last is done, a stream how long its tasks wait.</summary>
    public string Measure => Utilization is null ? "makespan" : "p99 wait";

    public (UnevenWorker[] Fleet, List<UnevenTask> Tasks) Draw(int seed)
    {
        var random = new Random(seed);
        var fleet = Enumerable.Range(0, Workers)
            .Select(number => new UnevenWorker(number, 1 << random.Next(5), Math.Pow(2, random.NextDouble() * 2 - 1))).ToArray();
        return (fleet, [.. Tasks(fleet, random)]);
    }

    private IEnumerable<UnevenTask> Tasks(UnevenWorker[] fleet, Random random)
    {
        var capacity = fleet.Sum(worker => worker.Slots * worker.Speed) / (LongShare * Long + (1 - LongShare) * Short).TotalSeconds;
        var count = (int)(capacity * (Utilization ?? 1) * Length.TotalSeconds);
        var at = TimeSpan.Zero;
        for (var number = 0; number < count; number++)
        {
            // Gaps of a Poisson stream.
            if (Utilization is { } share) at += TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / (capacity * share));
            yield return new UnevenTask(number, at, random.NextDouble() < LongShare ? Long : Short);
        }
    }
}
