using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>A worker. What only the leader knows is left out while it does not answer.</summary>
internal sealed record WorkerResponse
{
    public required string Id { get; init; }
    public required string Pool { get; init; }

    /// <summary><c>online suspect lost offline</c>.</summary>
    public required string Liveness { get; init; }

    /// <summary><c>active reserve</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Of a reserve worker: in use now.</summary>
    public required bool Activated { get; init; }

    /// <summary><c>open cordoned draining drained quarantined</c>.</summary>
    public required string Admission { get; init; }

    /// <summary>Why it is as it is, in the last person's or policy's words.</summary>
    public string? Reason { get; init; }

    /// <summary><c>amqp http</c>.</summary>
    public required string Transport { get; init; }

    public required int Slots { get; init; }

    /// <summary>Σ cost of offered and running.</summary>
    public int? SlotsUsed { get; init; }

    /// <summary>Slots used of slots, 0–1.</summary>
    public double? Load { get; init; }

    /// <summary>Types it handles; left out for everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required int MaxBatch { get; init; }
    public string? Version { get; init; }

    /// <summary>Attempts it has now.</summary>
    public IReadOnlyList<HeldAttempt>? Tasks { get; init; }

    public DateTimeOffset? LastBeatAt { get; init; }

    /// <summary>While draining: when running attempts are released.</summary>
    public DateTimeOffset? DrainDeadline { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    public static WorkerResponse Of(WorkerRecord worker, WorkerNow? now) => new()
    {
        Id = worker.Id,
        Pool = worker.Pool,
        Liveness = worker.Liveness,
        Role = worker.Role,
        Activated = worker.Activated,
        Admission = worker.Admission,
        Reason = worker.Reason,
        Transport = worker.Transport,
        Slots = worker.Slots,
        SlotsUsed = now?.SlotsUsed,
        Load = now is null ? null : Math.Round((double)now.SlotsUsed / worker.Slots, 4),
        Types = worker.Types,
        Labels = worker.Labels,
        MaxBatch = worker.MaxBatch,
        Version = worker.Version,
        Tasks = now?.Attempts,
        LastBeatAt = now?.LastBeatAt,
        DrainDeadline = worker.DrainDeadline,
        RegisteredAt = worker.RegisteredAt,
        ChangedAt = worker.ChangedAt,
    };
}
