namespace Broker.Cli;

/// <summary>A worker as the API shows it.</summary>
internal sealed record WorkerInfo
{
    public required string Id { get; init; }
    public required string Pool { get; init; }
    public required string Liveness { get; init; }
    public required string Role { get; init; }
    public bool Activated { get; init; }
    public required string Admission { get; init; }
    public string? Reason { get; init; }
    public string? Transport { get; init; }
    public int Slots { get; init; }

    /// <summary>Null while the leader does not answer.</summary>
    public int? SlotsUsed { get; init; }

    public double? Load { get; init; }
    public List<string>? Types { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public int? MaxBatch { get; init; }
    public string? Version { get; init; }
    public List<HeldTaskInfo>? Tasks { get; init; }
    public DateTimeOffset? LastBeatAt { get; init; }
    public DateTimeOffset? DrainDeadline { get; init; }
    public DateTimeOffset? RegisteredAt { get; init; }
}

/// <summary>An attempt a worker has.</summary>
internal sealed record HeldTaskInfo(Guid Task, int Attempt);
