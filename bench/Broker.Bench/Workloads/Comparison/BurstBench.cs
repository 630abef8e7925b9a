namespace Broker.Bench;

/// <summary>Bursts, each contestant in turn, several rounds.</summary>
internal sealed class BurstBench(BenchServers servers, TimeSpan length, Action<string> log)
{
    private static readonly BurstPlan Batches = new(0, Batch: 100, Connections: 8);
    private static readonly BurstPlan Singles = new(0, Batch: 1, Connections: 64);

    public async Task<List<BurstRow>> RunAsync(IReadOnlyList<Contestant> contestants, int rounds, CancellationToken cancellationToken)
    {
        var rates = new Dictionary<(string Contestant, int Batch), List<double>>();
        var durability = new Dictionary<string, string>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                await using var system = contestant.Create(servers);
                await system.StartAsync(cancellationToken);
                durability[contestant.Name] = system.Durability;
                foreach (var plan in contestant.BurstsAlone ? new[] { Batches, Singles } : [Batches])
                {
                    var result = await MeasureAsync(system, plan, cancellationToken);
                    log($"round {round}: {contestant.Name}, {Workload(plan.Batch)}: {result.TasksPerSecond:N0} tasks/s ({result.Tasks:N0} in {result.Seconds:F1} s)");
                    if (!rates.TryGetValue((contestant.Name, plan.Batch), out var row)) rates[(contestant.Name, plan.Batch)] = row = [];
                    row.Add(result.TasksPerSecond);
                }
            }
        }
        return [.. rates.OrderByDescending(row => row.Key.Batch)
            .Select(row => new BurstRow(row.Key.Contestant, Workload(row.Key.Batch), durability[row.Key.Contestant], new Samples(row.Value)))];
    }

    /// <summary>A few tasks tell its speed, many warm it up until it gains no more, then as many as fill the time.</summary>
    private async Task<BurstResult> MeasureAsync(ISystem system, BurstPlan plan, CancellationToken cancellationToken)
    {
        var before = await system.BurstAsync(plan with { Tasks = 1_000 }, cancellationToken);
        var warm = await system.BurstAsync(Sized(before, length / 2), cancellationToken);
        for (var more = 0; more < 2 && warm.TasksPerSecond > 1.2 * before.TasksPerSecond; more++)
            (before, warm) = (warm, await system.BurstAsync(Sized(warm, length / 2), cancellationToken));
        return await system.BurstAsync(Sized(warm, length), cancellationToken);

        BurstPlan Sized(BurstResult before, TimeSpan time) => plan with { Tasks = Math.Clamp((int)(before.TasksPerSecond * time.TotalSeconds) / 100 * 100, 1_000, 300_000) };
    }

    private static string Workload(int batch) => batch == 1 ? "single requests from 64 connections" : $"batches of {batch}";
}
