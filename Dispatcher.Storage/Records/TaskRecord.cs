namespace Broker.Storage;

/// <summary>An active task as the leader holds it in memory and the table <c>tasks</c> stores it; no payload.</summary>
/// <remarks>One a task, up to two million in memory: every field counts. Only the scheduler writes it.</remarks>
public class TaskRecord
{
    // UTC ticks: half of a moment with its offset, a third of one that may be missing. 0 is never.
    private readonly long _createdAt;
    private long _queuedAt;
    private long _offeredAt;
    private long _startedAt;
    private long _retryAt;

    public Guid Id { get; init; }
    public required TaskClass Class { get; init; }

    /// <summary>0–9, higher first.</summary>
    public byte Priority { get; init; }

    /// <summary>Order of arrival: given when first recorded, kept for life.</summary>
    public long Seq { get; init; }

    /// <summary>Attempts that may fail.</summary>
    public short MaxAttempts { get; init; }

    /// <summary>Time one attempt may run.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Of a keyed task, to notice a key used for another task.</summary>
    public long? BodyHash { get; init; }

    public DateTimeOffset CreatedAt { get => Moment(_createdAt); init => _createdAt = value.UtcTicks; }

    /// <summary>One of <see cref="Contracts.TaskState"/>.</summary>
    public string State { get; set; } = "";

    /// <summary>Number of the latest attempt; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that failed or timed out in this round.</summary>
    public short Failures { get; set; }

    /// <summary>Attempts whose worker vanished in this round.</summary>
    public short Losses { get; set; }

    /// <summary>1, and one more each time a person retries it when dead.</summary>
    public short Round { get; set; } = 1;

    /// <summary>Worker of the latest attempt; null before the first.</summary>
    public string? Worker { get; set; }

    /// <summary>Of the latest attempt.</summary>
    public FenceToken Token { get; set; }

    /// <summary>How the latest attempt ended, one of <see cref="Contracts.AttemptOutcome"/>; null while it lives and before the first.</summary>
    public string? Outcome { get; set; }

    public DateTimeOffset QueuedAt { get => Moment(_queuedAt); set => _queuedAt = value.UtcTicks; }

    /// <summary>When the latest attempt was offered.</summary>
    public DateTimeOffset? OfferedAt { get => MomentOrNull(_offeredAt); set => _offeredAt = value?.UtcTicks ?? 0; }

    /// <summary>When the latest attempt started; null before.</summary>
    public DateTimeOffset? StartedAt { get => MomentOrNull(_startedAt); set => _startedAt = value?.UtcTicks ?? 0; }

    /// <summary>While retrying: when it is queued again.</summary>
    public DateTimeOffset? RetryAt { get => MomentOrNull(_retryAt); set => _retryAt = value?.UtcTicks ?? 0; }

    private static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);

    private static DateTimeOffset? MomentOrNull(long ticks) => ticks == 0 ? null : Moment(ticks);
}
