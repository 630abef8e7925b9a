namespace Broker.Contracts;

/// <summary>A set of workers with one policy. The defaults here are the defaults everywhere.</summary>
public sealed record PoolSettings
{
    public required string Name { get; init; }
    public ReserveSettings Reserve { get; init; } = new();
    public RetrySettings Retry { get; init; } = new();
    public QuarantineSettings Quarantine { get; init; } = new();

    /// <summary>Time between beats that workers are told at least; it stretches with the fleet. 1 s–10 min.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time an attempt may run when its task names none.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);
}

/// <summary>When reserve workers come in and leave.</summary>
public sealed record ReserveSettings
{
    /// <summary>One of <see cref="ReservePolicyName"/>.</summary>
    public string Policy { get; init; } = ReservePolicyName.Off;

    /// <summary>Time between reviews. 1 s–1 h.</summary>
    public TimeSpan ReviewEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gradual: activate one worker when more tasks than this wait.</summary>
    public int BacklogAbove { get; init; } = 10;

    /// <summary>Gradual: activate one worker when a task has waited longer.</summary>
    public TimeSpan WaitAbove { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Quiet time, and time since the last change, before workers are deactivated.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Target: the time over which arrivals and run times are averaged.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>The reserve policies there are.</summary>
public static class ReservePolicyName
{
    /// <summary>Reserve workers are used only when a person activates them.</summary>
    public const string Off = "off";

    /// <summary>One more or one less per review, by backlog and oldest wait. Calm; slow on a burst.</summary>
    public const string Gradual = "gradual";

    /// <summary>The size at once from arrival rate and run time. Fast; needs steady run times.</summary>
    public const string Target = "target";
}

/// <summary>What happens to failed attempts when the task does not say.</summary>
public sealed record RetrySettings
{
    /// <summary>Attempts that may fail before the task is dead. 1–100.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Longest wait before the second attempt; it doubles with every failure.</summary>
    public TimeSpan Base { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait before any attempt.</summary>
    public TimeSpan Cap { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What happens to workers that fail what others do well.</summary>
public sealed record QuarantineSettings
{
    /// <summary>One of <see cref="QuarantinePolicyName"/>.</summary>
    public string Policy { get; init; } = QuarantinePolicyName.On;
}

/// <summary>The quarantine policies there are.</summary>
public static class QuarantinePolicyName
{
    /// <summary>Such a worker gets nothing new until an operator lets it in again.</summary>
    public const string On = "on";

    /// <summary>Failures are the tasks' business alone.</summary>
    public const string Off = "off";
}
