namespace Broker.Agent;

/// <summary>Waits between tries: full jitter, so that a fleet does not come back all at once.</summary>
internal sealed class Backoff(TimeProvider timeProvider, Random random)
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(1);
    /// <summary>However long Broker was away: back, with one try that failed just before, within a minute.</summary>
    public static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    private int _failures;

    /// <summary>Time over which the whole fleet is to come back, as told; the first wait is at most that, or 1 s if that is longer.</summary>
    public TimeSpan Spread { get; set; }

    public void Reset() => _failures = 0;

    /// <summary>Anything from 0 up to the spread, then twice that, four times … 30 s.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(Cap, cancellationToken);

    /// <param name="longest">In place of the 30 s.</param>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var limit = Math.Min(Math.Max(Base.TotalSeconds, Spread.TotalSeconds) * Math.Pow(2, _failures), longest.TotalSeconds);
        _failures = Math.Min(_failures + 1, 16);
        return Task.Delay(TimeSpan.FromSeconds(limit * random.NextDouble()), timeProvider, cancellationToken);
    }
}
