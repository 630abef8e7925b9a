namespace Broker.Cli;

/// <summary>The API answered with an error.</summary>
internal sealed class ApiRefusedException(int status, ProblemInfo problem, TimeSpan? retryAfter = null)
    : CliException(ExitCodeOf(status), Describe(status, problem), NextStepOf(status))
{
    public int Status { get; } = status;

    /// <summary>When it wants to be asked again; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same request may be taken later.</summary>
    public bool IsTransient => MayPass(Status);

    /// <summary>Too many requests, or something behind the API is away.</summary>
    public static bool MayPass(int status) => status is 429 or 502 or 503 or 504;

    private static int ExitCodeOf(int status) => status switch
    {
        404 => Cli.ExitCode.NotFound,
        409 => Cli.ExitCode.Conflict,
        429 or >= 500 => Cli.ExitCode.Unreachable,
        _ => Cli.ExitCode.Usage,
    };

    private static string Describe(int status, ProblemInfo problem)
    {
        var text = problem.Detail ?? problem.Title ?? "no reason given";
        if (problem.Errors is { Count: > 0 } errors)
            text = string.Join(" ", errors.Take(3).Select(error => $"{error.Pointer ?? error.Parameter}: {error.Detail}"));
        return $"{Cells.Clean(text)} ({problem.Code ?? "http"} {status})";
    }

    private static string? NextStepOf(int status) => status switch
    {
        429 or 503 => "Try again shortly; broker doctor says what is missing.",
        >= 500 => "Look into the API's log.",
        _ => null,
    };
}
