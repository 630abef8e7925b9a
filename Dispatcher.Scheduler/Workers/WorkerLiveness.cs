using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>What silence means.</summary>
/// <remarks>Pure. Suspect after two told intervals, lost after three and a grace: one lost beat is normal.</remarks>
internal static class WorkerLiveness
{
    /// <summary>Beats a second the whole fleet may send; above it the told interval stretches.</summary>
    public const int BeatsPerSecond = 1_000;

    /// <summary>Workers a second that RabbitMQ takes back without trouble.</summary>
    public const int ReconnectsPerSecond = 500;

    public static TimeSpan SuspectAfter(TimeSpan interval) => 2 * interval;

    public static TimeSpan LostAfter(TimeSpan interval, TimeSpan grace) => 3 * interval + grace;

    /// <summary>The liveness that fits a silence.</summary>
    public static string Judge(TimeSpan silence, TimeSpan interval, TimeSpan grace) =>
        silence >= LostAfter(interval, grace) ? Liveness.Lost
        : silence >= SuspectAfter(interval) ? Liveness.Suspect
        : Liveness.Online;

    /// <summary>When to look at a worker that may be silent at a moment: up to a tenth of its interval later, together with others.</summary>
    /// <remarks>A look of its own for each of a thousand idle workers would cost as many turns.</remarks>
    public static DateTimeOffset LookAt(DateTimeOffset due, TimeSpan interval)
    {
        var grid = Math.Max(1, interval.Ticks / 10);
        return new DateTimeOffset((due.UtcTicks + grid - 1) / grid * grid, TimeSpan.Zero);
    }

    /// <summary>The interval to tell a worker: its pool's, or longer in a large fleet.</summary>
    public static TimeSpan IntervalFor(TimeSpan poolInterval, int fleetSize)
    {
        var stretched = TimeSpan.FromSeconds(Math.Ceiling((double)fleetSize / BeatsPerSecond));
        return stretched > poolInterval ? stretched : poolInterval;
    }

    /// <summary>The time over which the whole fleet reconnects; told anew only when it has doubled.</summary>
    public static TimeSpan SpreadFor(int fleetSize) => TimeSpan.FromSeconds(Math.Ceiling((double)fleetSize / ReconnectsPerSecond));
}
