namespace Broker.Api;

/// <summary>Why a request, or one item of it, is refused.</summary>
/// <param name="Code">One of <see cref="Contracts.ProblemCode"/>; decides the status.</param>
/// <param name="Detail">A sentence for people that names the thing and the next step.</param>
/// <param name="Errors">The fields at fault; null if it is not about fields.</param>
internal sealed record Problem(string Code, string Detail, IReadOnlyList<FieldError>? Errors = null)
{
    public ProblemException AsException() => new(this);
}

/// <summary>One value at fault.</summary>
/// <param name="Pointer">JSON pointer into the body as a fragment, <c>#/priority</c>; null for other places.</param>
/// <param name="Parameter">Name of a query parameter or header; null for the body.</param>
internal sealed record FieldError(string? Pointer, string Detail, string? Parameter = null)
{
    private const int PointerLength = 256;

    /// <summary>Short enough to be shown: a name in it may be as long as a whole request.</summary>
    public static string Cut(string pointer) => pointer.Length <= PointerLength ? pointer : pointer[..PointerLength] + "…";
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
