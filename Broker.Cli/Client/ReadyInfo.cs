namespace Broker.Cli;

/// <summary>/health/ready: each part is <c>ok</c> or says what is wrong.</summary>
internal sealed record ReadyInfo(string Status, string? Submissions, string? Database, string? Leader);
