namespace Broker.Bench;

/// <summary>What a contender did under one load, over all seeds.</summary>
/// <param name="Seconds">Median of what is measured.</param>
/// <param name="Ratio">Geometric mean of its seconds over Broker's, seed by seed; above 1 Broker is ahead.</param>
internal sealed record UnevenRow(
    string Contender, int Workers, string Load, string Measure, double Seconds, double Least, double Most, double Ratio)
{
    /// <summary>Nearer than this is a tie.</summary>
    private const double Tie = 1.03;

    /// <summary>For Broker.</summary>
    public string Verdict => Ratio > Tie ? "wins" : Ratio >= 1 / Tie ? "ties" : "loses";

    public static UnevenRow Of(UnevenPlan plan, Contender contender, IReadOnlyList<double> seconds, IReadOnlyList<double> broker) => new(
        contender.Name, plan.Workers, plan.Name, plan.Measure, Median(seconds), seconds.Min(), seconds.Max(),
        Math.Exp(seconds.Zip(broker, (its, ours) => Math.Log(its / ours)).Average()));

    private static double Median(IReadOnlyList<double> values)
    {
        var ordered = values.Order().ToList();
        return (ordered[(ordered.Count - 1) / 2] + ordered[ordered.Count / 2]) / 2;
    }
}
