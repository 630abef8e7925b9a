namespace Broker.Cli;

/// <summary>Submitted tasks that are not known to have finished, oldest first.</summary>
/// <remarks>About 60 bytes a task; not for several threads. Finished ones leave holes that are swept out when they are
/// the half, so that every operation is cheap on average.</remarks>
internal sealed class Outstanding
{
    private readonly HashSet<Guid> _live = [];
    private readonly List<Guid> _order = [];
    private int _sweepAt;

    public int Count => _live.Count;

    public void Add(Guid id)
    {
        if (_live.Add(id)) _order.Add(id);
    }

    /// <summary>False if it was not outstanding, so that nothing is counted twice.</summary>
    public bool Remove(Guid id)
    {
        if (!_live.Remove(id)) return false;

        if (_order.Count > 1_000 && _order.Count > 2 * _live.Count) CloseHoles();
        return true;
    }

    /// <summary>The oldest: those that finish next, as a rule.</summary>
    public List<Guid> TakeFront(int limit)
    {
        var ids = new List<Guid>(Math.Min(limit, _live.Count));
        for (var i = 0; i < _order.Count && ids.Count < limit; i++)
            if (_live.Contains(_order[i])) ids.Add(_order[i]);
        return ids;
    }

    /// <summary>The next behind the front, going round: for those that finish out of order.</summary>
    public List<Guid> TakeNextBehind(IReadOnlyCollection<Guid> front, int limit)
    {
        var ids = new List<Guid>();
        var seen = front.ToHashSet();
        for (var steps = _order.Count; steps > 0 && ids.Count < limit; steps--)
        {
            if (_sweepAt >= _order.Count) _sweepAt = 0;
            var id = _order[_sweepAt++];
            if (_live.Contains(id) && !seen.Contains(id)) ids.Add(id);
        }
        return ids;
    }

    private void CloseHoles()
    {
        _order.RemoveAll(id => !_live.Contains(id));
        _sweepAt = 0;
    }
}
