namespace Broker.TestKit;

/// <summary>A machine whose wall clock is wrong and may jump; timers and the monotonic clock are right.</summary>
public sealed class WrongClock(TimeProvider right) : TimeProvider
{
    /// <summary>How far the wall clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>Told in how long each new timer is due.</summary>
    public Action<TimeSpan> TimerSet { get; set; } = _ => { };

    public override long TimestampFrequency => right.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Ahead;

    public override long GetTimestamp() => right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = right.CreateTimer(callback, state, dueTime, period);
        TimerSet(dueTime);
        return timer;
    }
}
