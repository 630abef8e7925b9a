namespace Broker.Scheduler;

/// <summary>Percentiles of lengths of time over the last one to two minutes, within 5 %.</summary>
/// <remarks>Buckets grow by 9 % from 0.1 ms; two windows of a minute take turns.</remarks>
internal sealed class DurationHistogram
{
    private const double Growth = 1.09;
    private const double SmallestMs = 0.1;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private long[] _current = new long[280];
    private long[] _previous = new long[280];
    private DateTimeOffset _since;

    public void Add(TimeSpan length)
    {
        var ms = Math.Max(length.TotalMilliseconds, SmallestMs);
        var bucket = (int)Math.Round(Math.Log(ms / SmallestMs) / Math.Log(Growth));
        _current[Math.Min(bucket, _current.Length - 1)]++;
    }

    /// <summary>In milliseconds, in the order asked; null if nothing was added lately.</summary>
    /// <param name="shares">0–1, ascending.</param>
    public double[]? Percentiles(DateTimeOffset now, params ReadOnlySpan<double> shares)
    {
        if (now - _since > Window)
        {
            (_current, _previous) = (_previous, _current);
            Array.Clear(_current);
            _since = now;
        }

        var total = _current.Sum() + _previous.Sum();
        if (total == 0) return null;

        var values = new double[shares.Length];
        long seen = 0;
        var next = 0;
        for (var bucket = 0; bucket < _current.Length && next < shares.Length; bucket++)
        {
            seen += _current[bucket] + _previous[bucket];
            while (next < shares.Length && seen >= shares[next] * total)
                values[next++] = Math.Round(SmallestMs * Math.Pow(Growth, bucket), 1);
        }
        return values;
    }
}
