namespace Broker.Bench;

/// <param name="Length">Of each measurement.</param>
/// <param name="Systems">Beginnings of names; empty: all.</param>
internal sealed record BenchPlan(TimeSpan Length, int Rounds, IReadOnlyList<string> Systems)
{
    public bool Takes(string system) => Systems.Count == 0 || Systems.Any(name => system.StartsWith(name, StringComparison.OrdinalIgnoreCase));
}
