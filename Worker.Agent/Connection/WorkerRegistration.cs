using Broker.Contracts;

namespace Broker.Agent;

/// <summary>Body of <c>POST /v1/workers</c>: what a worker is.</summary>
internal sealed record WorkerRegistration
{
    /// <summary>Null to be given one; the worker keeps it for the life of its process.</summary>
    public string? Id { get; init; }

    /// <summary>Null for the default pool.</summary>
    public string? Pool { get; init; }

    public int Slots { get; init; } = 1;

    /// <summary>Types it handles; null for everything.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public string Role { get; init; } = WorkerRole.Active;
    public string Transport { get; init; } = WorkerTransport.Amqp;
    public int MaxBatch { get; init; } = 1;
    public string? Version { get; init; }
}
