using System.Collections.Concurrent;
using Broker.Contracts;

namespace Broker.Chaos;

/// <summary>The offers this bot was sent, for the history to name their tokens.</summary>
internal sealed class AttemptOffers(string worker)
{
    private readonly ConcurrentDictionary<(Guid Task, int Attempt), Offer> _offers = new();

    public string Worker => worker;

    public void Note(object message)
    {
        if (message is not OfferMessage offers) return;
        foreach (var offer in offers.Offers) _offers.TryAdd((offer.Task, offer.Attempt), offer);
    }

    public Offer Find(Guid task, int attempt) => _offers[(task, attempt)];
}
