namespace Broker.Cli;

/// <summary>How a bulk submission goes.</summary>
internal sealed record SubmitPlan
{
    public required TaskTemplate Template { get; init; }

    /// <summary>See <see cref="BatchBody"/>.</summary>
    public required string RunKey { get; init; }

    /// <summary>Tasks in a request, 1–1,000.</summary>
    public required int BatchLimit { get; init; }

    /// <summary>Requests at once.</summary>
    public required int Parallel { get; init; }

    public required bool Wait { get; init; }

    /// <summary>How long to wait after the last task was handed in; null for as long as it takes.</summary>
    public TimeSpan? WaitLimit { get; init; }

    /// <summary>How long to go on asking an API that was there and is away.</summary>
    public required TimeSpan RetryFor { get; init; }
}
