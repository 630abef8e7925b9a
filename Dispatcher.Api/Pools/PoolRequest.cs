namespace Broker.Api;

/// <summary>All settings of a pool; what is left out takes its default.</summary>
internal sealed record PoolRequest
{
    /// <summary>The name in the path, or left out.</summary>
    public string? Name { get; init; }

    public ReserveRequest? Reserve { get; init; }
    public HeartbeatSettingsRequest? Heartbeat { get; init; }
    public RetryRequest? Retry { get; init; }
    public QuarantineRequest? Quarantine { get; init; }

    /// <summary>Time an attempt may run when its task names none, 1 s–7 d; 1h if left out.</summary>
    public string? Timeout { get; init; }
}

internal sealed record ReserveRequest
{
    /// <summary><c>off</c> (default), <c>gradual</c> or <c>target</c>.</summary>
    public string? Policy { get; init; }

    /// <summary>Time between reviews, 1 s–1 h; 10s if left out.</summary>
    public string? ReviewEvery { get; init; }

    /// <summary>Gradual: activate one when more tasks than this wait; 10 if left out.</summary>
    public int? BacklogAbove { get; init; }

    /// <summary>Gradual: activate one when a task has waited longer; 30s if left out.</summary>
    public string? WaitAbove { get; init; }

    /// <summary>Time between two changes, and quiet time before a worker is put back; 60s if left out.</summary>
    public string? CoolDown { get; init; }

    /// <summary>Target: time over which arrivals and run times are averaged, 1 s–1 d; 5m if left out.</summary>
    public string? Period { get; init; }
}

internal sealed record HeartbeatSettingsRequest
{
    /// <summary>Time between beats at least, 1 s–10 min; 10s if left out.</summary>
    public string? Interval { get; init; }
}

internal sealed record RetryRequest
{
    /// <summary>Attempts that may fail, 1–100; 3 if left out.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Longest wait before the second attempt; it doubles with every failure; 5s if left out.</summary>
    public string? Base { get; init; }

    /// <summary>Longest wait before any attempt; 10m if left out.</summary>
    public string? Cap { get; init; }
}

internal sealed record QuarantineRequest
{
    /// <summary><c>on</c> (default): a worker that fails what others do well gets nothing new until <c>uncordon</c>. <c>off</c>: never.</summary>
    public string? Policy { get; init; }
}
