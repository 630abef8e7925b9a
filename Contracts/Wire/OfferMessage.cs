using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>Scheduler to worker: run these. Sent at least once; a worker ignores an attempt it already had.</summary>
public sealed record OfferMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Offer;

    /// <summary>One, or up to the <c>maxBatch</c> the worker registered.</summary>
    public required IReadOnlyList<Offer> Offers { get; init; }
}

/// <summary>One attempt of a task, given to one worker.</summary>
public sealed record Offer
{
    public required Guid Task { get; init; }
    public required string Type { get; init; }
    public required int Priority { get; init; }
    public required string Pool { get; init; }

    /// <summary>From 1, never reused within a task.</summary>
    public required int Attempt { get; init; }

    /// <summary>Fences the attempt; opaque, repeated in every report.</summary>
    public required string Token { get; init; }

    /// <summary>The worker session meant; a worker drops offers of another one.</summary>
    public required string Session { get; init; }

    /// <summary>The leadership that offered; a worker drops offers of an older epoch than it has seen.</summary>
    public required int Epoch { get; init; }

    /// <summary>Grows with every offer; the highest one taken travels in the inventory.</summary>
    public required long Number { get; init; }

    /// <summary>Slots it takes.</summary>
    public required int Cost { get; init; }

    /// <summary>Time the attempt may run from its start, as <c>10s</c>.</summary>
    public required string Timeout { get; init; }

    /// <summary>What the producer handed in; null if nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RawJson Payload { get; init; }
}
