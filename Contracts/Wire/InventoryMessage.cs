namespace Broker.Contracts;

/// <summary>Worker to scheduler, on the reports' queue and in order with them: every attempt it holds.</summary>
/// <remarks>Sent on connect and every third beat. Empty lists are left out of the 1…n rule here: a worker may hold nothing.</remarks>
public sealed record InventoryMessage
{
    public int V { get; init; } = 1;
    public string Kind { get; init; } = WireKind.Inventory;
    public required string Worker { get; init; }
    public required string Session { get; init; }

    /// <summary>The highest <see cref="Offer.Number"/> taken; an attempt is missing only if it is covered and not listed.</summary>
    public required long LastOffer { get; init; }

    /// <summary>Attempts taken and not finished, and finished ones whose report is not confirmed.</summary>
    public required IReadOnlyList<HeldAttempt> Attempts { get; init; }

    /// <summary>True with one that only its time has come for, so that it wakes nobody: it is dealt with within a second.</summary>
    public bool Routine { get; init; }
}

/// <summary>One attempt a worker holds.</summary>
public sealed record HeldAttempt(Guid Task, int Attempt);
