using Broker.Contracts;

namespace Broker.Cli;

/// <summary>A task to hand in; what is null takes the pool's or the API's default.</summary>
internal sealed record TaskTemplate
{
    public required string Type { get; init; }
    public int? Priority { get; init; }
    public string? Pool { get; init; }
    public Dictionary<string, string>? Requires { get; init; }
    public int? Cost { get; init; }
    public string? Timeout { get; init; }
    public int? MaxAttempts { get; init; }
    public RawJson? Payload { get; init; }
}
