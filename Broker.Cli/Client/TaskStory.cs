namespace Broker.Cli;

/// <summary>One step of a task.</summary>
internal sealed record TaskEventInfo
{
    public required DateTimeOffset At { get; init; }
    public string? Event { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public int? Attempt { get; init; }
    public string? Worker { get; init; }
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
    public string? By { get; init; }
}

/// <summary>Why a task does not run, and why its worker was chosen.</summary>
internal sealed record ExplainInfo(string State, List<ExplainReasonInfo> Reasons, PlacementInfo? Placement);

internal sealed record ExplainReasonInfo(string Code, string? Detail, Dictionary<string, int>? Missing);

internal sealed record PlacementInfo(string? Worker, int? Attempt, double? Load, int? Eligible);
