namespace Broker.Bench;

/// <summary>Fixed rates, each contestant in turn, several rounds.</summary>
internal sealed class SteadyBench(BenchServers servers, TimeSpan length, Action<string> log)
{
    public async Task<List<SteadyRow>> RunAsync(IReadOnlyList<Contestant> contestants, int rounds, CancellationToken cancellationToken)
    {
        var results = new Dictionary<(string Contestant, int Rate), List<SteadyResult>>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                await using var system = contestant.Create(servers);
                await system.StartAsync(cancellationToken);
                // Uncounted: a process that was just started is slow, and the most used of its code is compiled anew for some time.
                await system.SteadyAsync(new SteadyPlan(contestant.Rates[^1], 2 * length), cancellationToken);
                foreach (var rate in contestant.Rates)
                {
                    var result = await system.SteadyAsync(new SteadyPlan(rate, length), cancellationToken);
                    log($"round {round}: {contestant.Name}, {rate:N0}/s: start {Text(result.StartMs)}, done {Text(result.DoneMs)}, {result.Undone} undone");
                    if (!results.TryGetValue((contestant.Name, rate), out var row)) results[(contestant.Name, rate)] = row = [];
                    row.Add(result);
                }
            }
        }
        return [.. results.OrderBy(row => row.Key.Rate).Select(row => new SteadyRow(row.Key.Contestant, row.Key.Rate,
            SteadySamples.Of(row.Value.ConvertAll(result => result.StartMs)), SteadySamples.Of(row.Value.ConvertAll(result => result.DoneMs)),
            row.Value.Sum(result => result.Undone)))];
    }

    private static string Text(Percentiles value) => $"{value.P50:F1} / {value.P95:F1} / {value.P99:F1} ms";
}
