namespace Broker.Cli;

/// <summary>RFC 9457 problem details; a foreign server may send less.</summary>
internal sealed record ProblemInfo
{
    public string? Title { get; init; }
    public string? Detail { get; init; }

    /// <summary>Stable, for programs.</summary>
    public string? Code { get; init; }

    public List<FieldErrorInfo>? Errors { get; init; }
}

internal sealed record FieldErrorInfo(string? Pointer, string? Detail, string? Parameter);
