namespace Broker.Storage;

/// <summary>An offer to a worker without a queue: a row it reads through the API. Read and acted on by the same rules.</summary>
public sealed record HttpOffer(string Worker, Guid Task, int Attempt, FenceToken Token, string Session);
