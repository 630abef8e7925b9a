namespace Broker.Chaos;

/// <summary>A rule that does not hold.</summary>
/// <param name="Invariant"><c>S1</c>–<c>S17</c>, <c>S20</c>, or <c>E1</c>: a task executed again without a reason.</param>
/// <param name="What">A sentence.</param>
/// <param name="Proof">The lines that show it, a few at most.</param>
internal sealed record Violation(string Invariant, string What, Guid? Task, string? Worker, IReadOnlyList<string> Proof);

/// <summary>The judgement over a run.</summary>
/// <param name="Violations">In order of finding, capped per invariant.</param>
/// <param name="Counts">Violations per invariant, uncapped.</param>
internal sealed record CheckResult(
    IReadOnlyList<Violation> Violations, IReadOnlyDictionary<string, int> Counts, CheckStatistics Statistics)
{
    public bool IsGood => Violations.Count == 0;
}

/// <summary>What happened in a run, good or bad.</summary>
internal sealed record CheckStatistics
{
    public int Tasks { get; init; }

    /// <summary>Tasks by the state they ended in.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    /// <summary>Executions begun → tasks with as many.</summary>
    public required IReadOnlyDictionary<int, int> Executions { get; init; }

    public double ExecutionsPerTask { get; init; }

    /// <summary>How attempts ended; one that ended twice (a late report) counts twice.</summary>
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    public int SupersededReports { get; init; }
    public int AcceptedSubmits { get; init; }

    /// <summary>Submits with an unknown outcome that became tasks.</summary>
    public int UnknownTaken { get; init; }

    /// <summary>Submits with an unknown outcome that did not.</summary>
    public int UnknownNotTaken { get; init; }

    public required IReadOnlyDictionary<string, int> Faults { get; init; }
    public int TornLines { get; init; }
}
