using System.Diagnostics;

namespace Broker.Simulation;

/// <summary>Runs races on all cores.</summary>
internal static class RaceReport
{
    private const int RacesPerRun = 500;

    /// <summary>Runs about so many races of a kind, in runs of a few hundred.</summary>
    public static IReadOnlyList<RaceResult> Run(RaceKind kind, int races)
    {
        var results = new RaceResult[(races + RacesPerRun - 1) / RacesPerRun];
        Cores.ForEach(0, results.Length, i => results[i] = RaceGround.Run(kind, i + 1, Math.Min(races, RacesPerRun)));
        return results;
    }

    /// <summary>How often each way of ending was seen.</summary>
    public static SortedDictionary<string, int> Outcomes(IEnumerable<RaceResult> results)
    {
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (outcome, count) in results.SelectMany(result => result.Outcomes))
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + count;
        return outcomes;
    }

    public static int Print(int races)
    {
        var failed = 0;
        foreach (var kind in Enum.GetValues<RaceKind>())
        {
            var watch = Stopwatch.StartNew();
            var results = Run(kind, races);
            var outcomes = Outcomes(results);
            Console.WriteLine($"{outcomes.Values.Sum()} races {kind} in {watch.Elapsed.TotalSeconds:0.0} s:");
            foreach (var (outcome, count) in outcomes) Console.WriteLine($"  {count,6} {outcome}");
            foreach (var result in results.Where(result => result.Violation is not null).Take(3)) Console.WriteLine($"{result}\n");
            failed += results.Count(result => result.Violation is not null);
        }
        return failed == 0 ? 0 : 1;
    }
}
