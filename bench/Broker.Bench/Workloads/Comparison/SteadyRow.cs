namespace Broker.Bench;

/// <param name="Undone">Of all rounds: tasks that were not done when twice the time had passed.</param>
internal sealed record SteadyRow(string System, int Rate, SteadySamples StartMs, SteadySamples DoneMs, int Undone);

internal sealed record SteadySamples(Samples P50, Samples P95, Samples P99)
{
    public static SteadySamples Of(IReadOnlyList<Percentiles> rounds) =>
        new(new([.. rounds.Select(round => round.P50)]), new([.. rounds.Select(round => round.P95)]), new([.. rounds.Select(round => round.P99)]));
}
