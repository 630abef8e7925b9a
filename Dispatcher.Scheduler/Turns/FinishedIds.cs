using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>Which ids may lie in the history, so that new tasks need no look at it.</summary>
/// <remarks>Ids carry their time first. Above a horizon everything that finished was seen by this leader, which remembers it;
/// the horizon starts at the newest id its predecessors finished, and follows when there is too much to remember. No clock is
/// asked: an API whose clock runs ahead only makes the leader look more often.</remarks>
/// <param name="newest">The greatest id in the history that carries its time.</param>
internal sealed class FinishedIds(Guid newest)
{
    /// <summary>Two generations are kept: the tasks of 20 s at full speed, in some 10 MB.</summary>
    private const int GenerationLimit = 100_000;

    private Guid _horizon = newest;
    private HashSet<Guid> _younger = [];
    private HashSet<Guid> _older = [];

    /// <summary>False only if it certainly does not. Keyed ids carry no time, so they always may.</summary>
    public bool MayContain(Guid id) =>
        id <= _horizon || TaskId.IsKeyed(id) || _younger.Contains(id) || _older.Contains(id);

    public void Add(Guid id)
    {
        if (id <= _horizon || TaskId.IsKeyed(id)) return;

        _younger.Add(id);
        if (_younger.Count < GenerationLimit) return;

        _horizon = _older.Append(_horizon).Max();
        (_older, _younger) = (_younger, []);
    }
}
