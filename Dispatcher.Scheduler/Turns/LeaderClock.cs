namespace Broker.Scheduler;

/// <summary>The database's time, carried on by our own monotonic clock: a clock set wrong or forward expires nothing.</summary>
internal sealed class LeaderClock(TimeProvider time, DateTimeOffset databaseNow)
{
    private readonly long _start = time.GetTimestamp();

    public DateTimeOffset Now => databaseNow + time.GetElapsedTime(_start);
}
