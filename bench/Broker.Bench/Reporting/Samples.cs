namespace Broker.Bench;

/// <summary>What was measured of one thing, round by round.</summary>
internal sealed record Samples(IReadOnlyList<double> Rounds)
{
    public double Median => MedianOf(Rounds);

    public double Least => Rounds.Min();

    public double Most => Rounds.Max();

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var ordered = values.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }
}
