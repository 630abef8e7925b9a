namespace Broker.Chaos;

/// <summary>How late the machine lets us run: a bound on a time of Broker's says nothing while nobody gets a processor.</summary>
internal sealed class MachineLag : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Overload = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<long> _overloads = [];
    private readonly Task _measuring;
    private TimeSpan _worst;

    public MachineLag() => _measuring = Task.Run(MeasureAsync);

    /// <summary>Whether we ran late somewhen in a time.</summary>
    public bool IsOverloaded(long since, TimeSpan time)
    {
        lock (_lock)
            return _overloads.Any(at => TimeProvider.System.GetElapsedTime(since, at) is var after && after >= TimeSpan.Zero && after <= time + Overload);
    }

    /// <summary>The longest delay since this was asked last.</summary>
    public TimeSpan WorstSinceAsked()
    {
        lock (_lock)
        {
            var worst = _worst;
            _worst = TimeSpan.Zero;
            return worst;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _measuring;
        _stopping.Dispose();
    }

    private async Task MeasureAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var before = TimeProvider.System.GetTimestamp();
            await Task.Delay(Tick, TimeProvider.System, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var lag = TimeProvider.System.GetElapsedTime(before) - Tick;
            lock (_lock)
            {
                if (lag > _worst) _worst = lag;
                if (lag > Overload) _overloads.Add(TimeProvider.System.GetTimestamp());
            }
        }
    }
}
