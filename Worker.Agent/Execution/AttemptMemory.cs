namespace Broker.Agent;

/// <summary>The attempts a worker had, so that an offer sent twice runs once. The oldest are forgotten.</summary>
internal sealed class AttemptMemory
{
    private const int Limit = 10_000;

    private readonly HashSet<AttemptKey> _known = [];
    private readonly Queue<AttemptKey> _order = new();

    /// <summary>False if it is known already.</summary>
    public bool Add(AttemptKey attempt)
    {
        if (!_known.Add(attempt)) return false;

        _order.Enqueue(attempt);
        if (_order.Count > Limit) _known.Remove(_order.Dequeue());
        return true;
    }
}
