namespace Broker.Scheduler;

/// <summary>A time in which a worker fails more tasks of a kind than it does well.</summary>
/// <remarks>Compared is only what began in that time, here and elsewhere. It takes two verdicts, the second from attempts that
/// began after the first. When an outage ends, attempts that hung in it still fail here while others do well already: that is
/// the first verdict, and what begins later contradicts it.</remarks>
internal sealed class FailureStreak(DateTimeOffset began)
{
    /// <summary>Attempts it looks back on; then it halves what it counted, so that a worker that was mended recovers as fast.</summary>
    private const int AttemptLimit = 40;

    /// <summary>A task that comes back to the worker is the same evidence.</summary>
    private const int TasksRemembered = 8;

    private readonly Queue<Guid> _failed = new();
    private bool _isDoubted;

    /// <summary>Since when; attempts that began earlier count neither here nor elsewhere.</summary>
    public DateTimeOffset Since { get; private set; } = began;

    public int Failures { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset LastAt { get; private set; }

    public bool IsOver => 2 * Failures < Attempts;

    /// <summary>True if it is one more reason to compare the worker with others.</summary>
    public bool Count(AttemptResult result, DateTimeOffset now)
    {
        LastAt = now;
        if (result.BeganAt < Since || (result.Failed && _failed.Contains(result.Task))) return false;

        if (++Attempts > AttemptLimit) (Attempts, Failures) = (Attempts / 2, Failures / 2);
        if (!result.Failed) return false;

        Failures++;
        _failed.Enqueue(result.Task);
        if (_failed.Count > TasksRemembered) _failed.Dequeue();
        return Failures >= QuarantinePolicy.FailuresAtLeast;
    }

    /// <summary>The worker is worse than others. True if that is the second verdict.</summary>
    public bool Condemn(DateTimeOffset now)
    {
        if (_isDoubted) return true;

        _isDoubted = true;
        BeginAgain(now);
        return false;
    }

    /// <summary>Counts from now on.</summary>
    public void BeginAgain(DateTimeOffset now) => (Failures, Attempts, Since) = (0, 0, now);
}
