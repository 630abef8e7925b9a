namespace Broker.Simulation;

/// <summary>A queue that the leader consumes: at least once, in order, round-robin over whoever is attached.</summary>
internal sealed class SharedQueue(Simulator simulator, List<Attachment> consumers, TimeSpan timeToLive, bool needsSettling)
{
    private readonly SortedDictionary<long, QueuedMessage> _ready = [];
    private long _order;
    private int _turn;

    public bool NeedsSettling => needsSettling;

    public int Count => _ready.Count;

    public void Publish(object body, Action<object>? answer = null)
    {
        var expiresAt = timeToLive == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : simulator.Now + timeToLive;
        _ready.Add(++_order, new QueuedMessage(body, _order, expiresAt, answer));
        Pump();
    }

    /// <summary>Somebody gave it back: it takes its old place, or seldom the last one.</summary>
    public void Return(QueuedMessage message)
    {
        if (simulator.Chance(0.05)) message = message.At(++_order);
        _ready.Add(message.Order, message);
    }

    public void Pump()
    {
        while (_ready.Count > 0 && consumers.Count > 0)
        {
            var message = _ready.First().Value;
            _ready.Remove(message.Order);
            if (message.ExpiresAt <= simulator.Now) continue;

            consumers[_turn++ % consumers.Count].Take(this, message);
        }
    }
}
