namespace Broker.Simulation;

/// <summary>A message in a shared queue; compared by identity.</summary>
internal sealed class QueuedMessage(object body, long order, DateTimeOffset expiresAt, Action<object>? answer)
{
    public object Body => body;

    /// <summary>Whether its publisher was told that it stands; until then a restart may lose it.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Its place in the queue; a redelivery keeps it, save seldom.</summary>
    public long Order => order;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>Where a reply goes; null for messages that want none.</summary>
    public Action<object>? Answer => answer;

    public QueuedMessage At(long place) => new(body, place, expiresAt, answer) { IsConfirmed = IsConfirmed };
}
