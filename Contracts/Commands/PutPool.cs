namespace Broker.Contracts;

/// <summary>Make a pool or replace its settings. Answered with <see cref="PoolChanged"/>; idempotent.</summary>
public sealed record PutPool
{
    public required PoolSettings Pool { get; init; }
    public string? By { get; init; }
}

/// <summary>Done and committed.</summary>
public sealed record PoolChanged
{
    public required string Pool { get; init; }

    /// <summary>Whether the pool is new.</summary>
    public required bool Created { get; init; }
}
