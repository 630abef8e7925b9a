namespace Broker.Scheduler;

/// <summary>Doubts a mass dying: when many workers fall silent together, the fault is more likely ours or the network's.</summary>
/// <remarks>Pure but for its memory of recent losses. Design section 9; the idea is Kubernetes' zone disruption mode.</remarks>
internal sealed class LossBrake
{
    private readonly Queue<DateTimeOffset> _losses = new();

    /// <summary>Losses within one lost-interval that are believed at once.</summary>
    public static int Believed(int onlineWorkers) => Math.Max(5, onlineWorkers / 5);

    /// <summary>Whether one more worker may be declared lost now; if not, look again later.</summary>
    /// <param name="window">One lost-interval.</param>
    public bool MayLose(DateTimeOffset now, int onlineWorkers, TimeSpan window)
    {
        while (_losses.TryPeek(out var oldest) && now - oldest > window) _losses.Dequeue();
        if (_losses.Count >= Believed(onlineWorkers + _losses.Count)) return false;

        _losses.Enqueue(now);
        return true;
    }
}
