namespace Broker.Simulation;

/// <summary>A queue that the leader consumes: at least once, in order, round-robin over whoever is attached.</summary>
/// <param name="isQuorum">Whether it keeps what was confirmed when the server is killed.</param>
internal sealed class SharedQueue(Simulator simulator, List<Attachment> consumers, TimeSpan timeToLive, bool isQuorum)
{
    private readonly SortedDictionary<long, QueuedMessage> _ready = [];
    private long _order;
    private int _turn;

    public bool NeedsSettling => isQuorum;

    public int Count => _ready.Count;

    public QueuedMessage Publish(object body, Action<object>? answer = null)
    {
        var expiresAt = timeToLive == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : simulator.Now + timeToLive;
        var message = new QueuedMessage(body, ++_order, expiresAt, answer);
        _ready.Add(_order, message);
        Pump();
        return message;
    }

    /// <summary>The server was killed, its consumers are gone: what nobody was promised may be gone too.</summary>
    public void Restart()
    {
        foreach (var message in _ready.Values.ToList())
            if (!isQuorum || (!message.IsConfirmed && simulator.Chance(0.5))) _ready.Remove(message.Order);
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
