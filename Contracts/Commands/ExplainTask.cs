namespace Broker.Contracts;

/// <summary>Why does this task not run yet? Answered with <see cref="TaskExplained"/> or <see cref="CommandRefused"/>.</summary>
public sealed record ExplainTask
{
    public required Guid Task { get; init; }
}

/// <summary>The answer from the leader's memory, at one moment.</summary>
public sealed record TaskExplained
{
    public required string State { get; init; }

    /// <summary>What keeps it, most telling first; empty when nothing does.</summary>
    public required IReadOnlyList<ExplainReason> Reasons { get; init; }
}

/// <summary>One thing that keeps a task from running. Numbers that don't belong to the code are null.</summary>
public sealed record ExplainReason
{
    /// <summary><c>priority no-eligible-worker pool-full waiting-for-room unknown-pool retry-at scheduler-behind</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary><c>priority</c>: tasks ahead of it.</summary>
    public long? Ahead { get; init; }

    /// <summary>Whether <see cref="Ahead"/> is an estimate.</summary>
    public bool? Approximate { get; init; }

    /// <summary><c>no-eligible-worker</c>: workers looked at.</summary>
    public int? Workers { get; init; }

    /// <summary><c>no-eligible-worker</c>: what each lacked, with how many lacked it, as <c>label gpu=a100</c> → 12.</summary>
    public IReadOnlyDictionary<string, int>? Missing { get; init; }

    /// <summary><c>pool-full</c> and <c>waiting-for-room</c>: slots in use.</summary>
    public int? SlotsUsed { get; init; }

    /// <summary><c>pool-full</c> and <c>waiting-for-room</c>: slots there are.</summary>
    public int? SlotsTotal { get; init; }

    /// <summary><c>waiting-for-room</c>: slots the task takes.</summary>
    public int? Cost { get; init; }

    /// <summary><c>retry-at</c>: when it is queued again.</summary>
    public DateTimeOffset? At { get; init; }
}
