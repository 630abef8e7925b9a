namespace Broker.Bench;

/// <summary>Runs contenders under loads, every seed with the same fleet and tasks for each of them.</summary>
internal static class UnevenBench
{
    // The long burst shows what it costs to send nothing ahead of a free slot: a round trip for each task, where a prefetch hides it.
    // In the shorter one that is made up for by an even end.
    public static readonly IReadOnlyList<UnevenPlan> Plans =
    [
        .. PlansOf(20, TimeSpan.FromSeconds(30)),
        new("long burst", 20, TimeSpan.FromSeconds(60), null),
        .. PlansOf(200, TimeSpan.FromSeconds(10)),
    ];

    /// <summary>Broker's row first, then the others'.</summary>
    public static List<UnevenRow> Run(UnevenPlan plan, IReadOnlyList<Contender> others, int seeds)
    {
        Contender[] contenders = [Contenders.LeastLoad, .. others];
        var seconds = new double[contenders.Length][];
        for (var i = 0; i < seconds.Length; i++) seconds[i] = new double[seeds];
        Parallel.For(0, contenders.Length * seeds, cell =>
        {
            var (seed, contender) = Math.DivRem(cell, contenders.Length);
            seconds[contender][seed] = UnevenRun.Measure(plan, contenders[contender], seed + 1);
        });
        return [.. contenders.Select((contender, number) => UnevenRow.Of(plan, contender, seconds[number], seconds[0]))];
    }

    private static IEnumerable<UnevenPlan> PlansOf(int workers, TimeSpan stream) =>
    [
        new("burst", workers, TimeSpan.FromSeconds(20), null),
        new("70 %", workers, stream, 0.7),
        new("90 %", workers, stream, 0.9),
    ];
}
