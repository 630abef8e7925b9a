namespace Broker.Chaos;

/// <summary>Times in order, for a table.</summary>
internal sealed class Percentiles(IEnumerable<TimeSpan> times)
{
    private readonly TimeSpan[] _times = [.. times.Order()];

    public int Count => _times.Length;

    public TimeSpan Max => Count == 0 ? TimeSpan.Zero : _times[^1];

    /// <summary>Nearest rank; zero of nothing.</summary>
    public TimeSpan At(int percent) => Count == 0 ? TimeSpan.Zero : _times[(int)Math.Ceiling(Count * percent / 100.0) - 1];
}
