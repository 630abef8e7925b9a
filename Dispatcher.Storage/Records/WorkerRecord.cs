using Broker.Contracts;

namespace Broker.Storage;

/// <summary>A worker as the leader holds it and the table <c>workers</c> stores it; written when it changes, never on a beat.</summary>
public sealed record WorkerRecord
{
    public required string Id { get; init; }
    public required string Pool { get; init; }
    public required int Slots { get; init; }

    /// <summary>Types it handles; null for everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public string Role { get; init; } = WorkerRole.Active;
    public string Transport { get; init; } = WorkerTransport.Amqp;
    public int MaxBatch { get; init; } = 1;
    public string? Version { get; init; }

    /// <summary>128 random bits of the current registration.</summary>
    public required string Session { get; init; }

    /// <summary>Its latest sessions before that, newest first, null for none: a registration that comes twice must not bring one of them back.</summary>
    public IReadOnlyList<string>? PastSessions { get; init; }

    public string Liveness { get; init; } = Contracts.Liveness.Online;
    public string Admission { get; init; } = Contracts.Admission.Open;

    /// <summary>Of a reserve worker: in use now.</summary>
    public bool Activated { get; init; }

    /// <summary>Activated by a person: the policy leaves it alone.</summary>
    public bool ActivatedByHand { get; init; }

    /// <summary>Why it is as it is, in the last operator's or policy's words; null if nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>While draining: when running attempts are released; null to let them finish.</summary>
    public DateTimeOffset? DrainDeadline { get; init; }

    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When anything but beats last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
