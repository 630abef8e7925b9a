namespace Broker.Simulation;

/// <summary>A process's clock: its monotonic time is the simulation's, its wall clock may be wrong and may jump.</summary>
internal sealed class SimulatedTime(Simulator simulator, TimeSpan skew) : TimeProvider
{
    private TimeSpan _skew = skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => simulator.Now + _skew;

    public override long GetTimestamp() => simulator.Ticks;

    /// <summary>Somebody sets the wall clock.</summary>
    public void Jump(TimeSpan by) => _skew += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(simulator, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Simulator simulator, TimerCallback callback, object? state) : ITimer
    {
        private ScheduledAction? _next;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.Cancel();
            _next = dueTime == Timeout.InfiniteTimeSpan ? null : simulator.After(dueTime, () => Fire(period));
            return true;
        }

        public void Dispose()
        {
            // What a killed process left is finalized when the garbage collector likes: that must not change the run.
            if (simulator.IsHere) _next?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimeSpan period)
        {
            _next = period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : simulator.After(period, () => Fire(period));
            callback(state);
        }
    }
}
