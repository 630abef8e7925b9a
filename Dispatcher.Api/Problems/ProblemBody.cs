namespace Broker.Api;

/// <summary>RFC 9457 problem details as every error of the API carries them.</summary>
internal sealed record ProblemBody
{
    public const string ContentType = "application/problem+json";

    /// <summary><c>urn:broker:problem:</c> and the code.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Detail { get; init; }

    /// <summary>Stable, kebab-case; what programs look at.</summary>
    public required string Code { get; init; }

    /// <summary>Finds the request in logs and traces; null for an item of a batch, which has its batch's.</summary>
    public string? TraceId { get; init; }

    /// <summary>With <c>validation-failed</c> and <c>malformed-request</c>: the values at fault.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    public static ProblemBody Of(Problem problem, string? traceId = null)
    {
        var (status, title) = ProblemMap.Describe(problem.Code);
        return new ProblemBody
        {
            Type = "urn:broker:problem:" + problem.Code,
            Title = title,
            Status = status,
            Detail = problem.Detail,
            Code = problem.Code,
            TraceId = traceId,
            Errors = problem.Errors,
        };
    }
}
