using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Broker.Cli;

/// <summary>What the API answered, in its own words.</summary>
/// <param name="RetryAfter">When it wants to be asked again; null if it does not say.</param>
internal readonly record struct ApiAnswer(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new CliException(ExitCode.Unreachable, $"The answer is not what Broker's API sends: {exception.Message}",
                "Look whether --api names Broker, and whether broker and API have the same version.");
        }
    }

    public ApiRefusedException AsRefusal() => new(Status, ReadProblem(), RetryAfter);

    private ProblemInfo ReadProblem()
    {
        try
        {
            if (JsonSerializer.Deserialize(Body.Span, ClientJson.Default.ProblemInfo) is { Code: not null } problem) return problem;
        }
        catch (JsonException)
        {
            // A proxy's page, or another server's.
        }
        return new ProblemInfo { Detail = "The server answers in another way than Broker's API does; is --api right?" };
    }
}
