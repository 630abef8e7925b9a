using System.Text.Json;
using System.Text.RegularExpressions;
using Broker.Contracts;

namespace Broker.Api;

/// <summary>Says in words for producers what the framework could not read.</summary>
internal static partial class BadRequests
{
    public static Problem Explain(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json) return Explain(json);

        return exception.StatusCode switch
        {
            413 => new(ProblemCode.PayloadTooLarge, "The request is too large."),
            415 => new(ProblemCode.UnsupportedMediaType, "Send the body as application/json."),
            _ when exception.Message.Contains("from body", StringComparison.Ordinal) =>
                new(ProblemCode.MalformedRequest, "A JSON body is needed."),
            _ when UnboundParameter().Match(exception.Message) is { Success: true } match =>
                Unreadable(match.Groups["name"].Value),
            _ => new(ProblemCode.MalformedRequest, "The request can't be read."),
        };
    }

    /// <param name="at">Where in the body the JSON stood, as <c>/tasks/3</c>; empty for the body itself.</param>
    public static Problem Explain(JsonException exception, string at = "")
    {
        var detail = exception switch
        {
            { InnerException: JsonException syntax } when syntax.Message.Contains("depth", StringComparison.Ordinal) =>
                "The JSON is too deep.",
            { InnerException: JsonException } => Syntax(exception),
            _ when exception.Message.Contains("could not be mapped", StringComparison.Ordinal) => "There is no such field.",
            _ when exception.Message.Contains("Duplicate", StringComparison.Ordinal) => "This field stands there twice.",
            _ => "This value has the wrong type, or is text that can't be read.",
        };
        var pointer = FieldError.Cut("#" + at + Pointer(exception.Path));
        return new(ProblemCode.MalformedRequest, $"{pointer}: {detail}", [new(pointer, detail)]);
    }

    /// <summary>A query parameter or header that is not of its type.</summary>
    public static Problem Unreadable(string parameter) => new(
        ProblemCode.MalformedRequest, $"{parameter} can't be read.", [new(null, "Can't be read.", parameter)]);

    private static string Syntax(JsonException exception) =>
        $"Not valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.";

    private static string Pointer(string? path) =>
        path is null ? "" : PathSeparator().Replace(path.TrimStart('$').Replace("']", "", StringComparison.Ordinal), "/").Replace("]", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\.|\['|\[")]
    private static partial Regex PathSeparator();

    [GeneratedRegex("parameter \"[^\"]*?(?<name>\\w+)\"")]
    private static partial Regex UnboundParameter();
}
