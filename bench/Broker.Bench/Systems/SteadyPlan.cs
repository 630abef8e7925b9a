namespace Broker.Bench;

/// <summary>Tasks at a fixed rate, sent when they are due whatever became of those before.</summary>
/// <param name="Rate">A second.</param>
internal sealed record SteadyPlan(int Rate, TimeSpan Duration);

/// <summary>Counted from the moment a task was due.</summary>
/// <param name="Undone">Left when twice the time had passed: the percentiles take them as done then, so they are too low.</param>
internal sealed record SteadyResult(int Tasks, Percentiles StartMs, Percentiles DoneMs, int Undone = 0);

internal sealed record Percentiles(double P50, double P95, double P99)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(At(0.5), At(0.95), At(0.99));

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
