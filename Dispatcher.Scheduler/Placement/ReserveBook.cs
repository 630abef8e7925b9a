namespace Broker.Scheduler;

/// <summary>What the leader remembers of each pool for reserve reviews. Ask for pools that exist only: names are kept.</summary>
internal sealed class ReserveBook
{
    private readonly Dictionary<string, PoolFlow> _flows = [];

    public PoolFlow Of(string pool)
    {
        if (!_flows.TryGetValue(pool, out var flow)) _flows[pool] = flow = new PoolFlow();
        return flow;
    }
}

/// <summary>Arrivals and run times of one pool, averaged with exponential decay, and when its reserve last changed.</summary>
internal sealed class PoolFlow
{
    private DateTimeOffset? _updatedAt;
    private int _newArrivals;
    private double _arrivals;
    private double _runs;
    private double _slotSeconds;
    private double _seconds;

    public DateTimeOffset? ChangedAt { get; set; }

    /// <summary>When the reserve was last looked at.</summary>
    public DateTimeOffset ReviewedAt { get; set; }

    /// <summary>Since when nothing waits; null while something does.</summary>
    public DateTimeOffset? QuietSince { get; set; }

    /// <summary>Tasks a second over about one period.</summary>
    public double ArrivalsPerSecond => _seconds > 0 ? _arrivals / _seconds : 0;

    /// <summary>Cost × run time of a task; zero if none ended within the last periods.</summary>
    public double SlotSecondsPerTask => _runs > 0.01 ? _slotSeconds / _runs : 0;

    public void CountArrival() => _newArrivals++;

    public void CountRun(TimeSpan ran, int cost)
    {
        _runs++;
        _slotSeconds += ran.TotalSeconds * cost;
    }

    /// <summary>Lets the past fade: what is one period old counts 1/e.</summary>
    public void Fade(DateTimeOffset now, TimeSpan period)
    {
        // What was counted before the first look has no length of time to be divided by.
        if (_updatedAt is { } before)
        {
            var keep = Math.Exp(-(now - before) / period);
            _arrivals = _arrivals * keep + _newArrivals;
            _runs *= keep;
            _slotSeconds *= keep;
            _seconds = _seconds * keep + (now - before).TotalSeconds;
        }
        _newArrivals = 0;
        _updatedAt = now;
    }
}
