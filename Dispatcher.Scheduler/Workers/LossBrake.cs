namespace Broker.Scheduler;

/// <summary>Doubts a mass dying: when many workers fall silent together, or just after a takeover, the fault is more likely
/// ours or the network's, so they are given up slowly.</summary>
/// <remarks>Pure but for its memory of recent losses. Design section 9; the idea is Kubernetes' zone disruption mode.</remarks>
internal sealed class LossBrake
{
    private readonly Queue<DateTimeOffset> _losses = new();

    /// <summary>Whether one more worker may be declared lost now; if not, look again later.</summary>
    /// <param name="online">Workers that are heard of.</param>
    /// <param name="suspect">Workers that are silent and not lost yet, this one included.</param>
    /// <param name="window">One lost-interval.</param>
    /// <param name="sinceTakeover">Within two windows after it nobody knows yet who is really silent.</param>
    public bool MayLose(DateTimeOffset now, int online, int suspect, TimeSpan window, TimeSpan sinceTakeover)
    {
        while (_losses.TryPeek(out var oldest) && now - oldest > window) _losses.Dequeue();

        var silent = suspect + _losses.Count;
        var believed = silent <= Math.Max(5, (online + silent) / 5) && sinceTakeover >= 2 * window;
        if (!believed && _losses.Count >= Slowly(online)) return false;

        _losses.Enqueue(now);
        return true;
    }

    /// <summary>Losses within one lost-interval while in doubt.</summary>
    private static int Slowly(int online) => Math.Max(5, online / 20);
}
