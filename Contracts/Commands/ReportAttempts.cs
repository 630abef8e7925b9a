namespace Broker.Contracts;

/// <summary>Reports of HTTP workers, gathered per API process. Answered with <see cref="AttemptsReported"/>.</summary>
public sealed record ReportAttempts
{
    /// <summary>1…n.</summary>
    public required IReadOnlyList<HttpReport> Reports { get; init; }
}

/// <summary>One report that came over HTTP.</summary>
public sealed record HttpReport
{
    /// <summary>One of the report kinds of <see cref="WireKind"/>.</summary>
    public required string Kind { get; init; }

    public required Report Report { get; init; }
}

/// <summary>An answer per report, in order.</summary>
public sealed record AttemptsReported
{
    public required IReadOnlyList<ReportAnswer> Answers { get; init; }
}

/// <summary>What became of a report.</summary>
public sealed record ReportAnswer
{
    /// <summary>The task's state after it; null when refused.</summary>
    public string? State { get; init; }

    /// <summary>One of <see cref="ProblemCode"/> (<c>unknown-task</c>, <c>stale-attempt</c>, <c>canceled</c>) when it changed nothing; else null.</summary>
    public string? Code { get; init; }
}
