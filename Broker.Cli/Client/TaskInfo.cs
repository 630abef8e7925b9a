using Broker.Contracts;

namespace Broker.Cli;

/// <summary>A task as the API shows it. What is not known, or left out in lists, is null.</summary>
internal sealed record TaskInfo
{
    public required Guid Id { get; init; }
    public required string State { get; init; }
    public string? Type { get; init; }
    public int? Priority { get; init; }
    public string? Pool { get; init; }
    public Dictionary<string, string>? Requires { get; init; }
    public int? Cost { get; init; }
    public string? Timeout { get; init; }
    public int? MaxAttempts { get; init; }
    public RawJson? Payload { get; init; }
    public RawJson? Result { get; init; }
    public TaskErrorInfo? Error { get; init; }
    public int? Attempts { get; init; }
    public int? Failures { get; init; }
    public int? Losses { get; init; }
    public int? Round { get; init; }
    public string? Worker { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? QueuedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? RetryAt { get; init; }
}

internal sealed record TaskErrorInfo(string? Code, string? Message);
