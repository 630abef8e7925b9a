using Broker.Contracts;

namespace Broker.Agent;

/// <summary>An answer to <c>GET /v1/workers/{id}/tasks</c>.</summary>
internal sealed record HttpOffers(IReadOnlyList<HttpOffer> Items);

internal sealed record HttpOffer(
    Guid Task, string Type, int Priority, string Pool, int Attempt, string Token, int Cost, string Timeout, RawJson Payload);

/// <summary>Body of <c>PUT /v1/workers/{id}/heartbeat</c>.</summary>
internal sealed record HttpBeat(string Session, IReadOnlyList<HeldAttempt>? Attempts);

/// <summary>The answer to it: what a worker with a queue is told there.</summary>
internal sealed record HttpBeatAnswer(string? BeatInterval, IReadOnlyList<CanceledAttempt>? Cancel, bool Drain);
