namespace Broker.Contracts;

/// <summary>Worker to scheduler, on the beats' queue: alive. May be lost; three in a row mean trouble.</summary>
public sealed record BeatMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Beat;
    public required string Worker { get; init; }
    public required string Session { get; init; }

    /// <summary>True with the last beat of a worker that stops: it is offline from now on.</summary>
    public bool Goodbye { get; init; }
}
