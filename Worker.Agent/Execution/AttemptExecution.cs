using System.Text.Json;
using Broker.Contracts;

namespace Broker.Agent;

/// <summary>Runs a handler and turns whatever it does into a result that can be reported.</summary>
internal static class AttemptExecution
{
    /// <summary>Below the 64 levels that readers of a whole report accept.</summary>
    private const int DepthLimit = 60;

    /// <summary>Never throws.</summary>
    public static async Task<AttemptResult> RunAsync(HandlerSet handlers, TaskContext context, CancellationToken cancellationToken)
    {
        if (handlers.Find(context.Type) is not { } handle)
            return Failed("unknown-type", $"This worker has no handler for tasks of type '{context.Type}'.", retryable: false);

        try
        {
            return Checked(context, await handle(context, cancellationToken));
        }
        catch (TaskFailedException exception)
        {
            return Failed(exception.Code, exception.Message, exception.Retryable, exception.RetryAfter);
        }
        catch (Exception exception)
        {
            return Failed(ErrorText.CodeOf(exception), exception.Message, retryable: true);
        }
    }

    /// <summary>A failure in a form that may be reported.</summary>
    public static AttemptResult Failed(string code, string message, bool retryable, TimeSpan? retryAfter = null) =>
        new(default, new TaskError(ErrorText.Code(code), ErrorText.Message(message)), retryable, retryAfter);

    private static AttemptResult Checked(TaskContext context, object? value)
    {
        var json = ToJson(value);
        if (json.Utf8.Length > Limits.PayloadBytes)
            return Failed("result-too-large",
                $"The result has {json.Utf8.Length} bytes of JSON; the limit is {Limits.PayloadBytes}.", retryable: false);

        // A payload that goes back was read as JSON already.
        if (!json.Utf8.Equals(context.Payload.Utf8) && !IsJson(json.Utf8.Span))
            return Failed("result-not-json", $"The result is not JSON, or deeper than {DepthLimit} levels.", retryable: false);
        return new AttemptResult(json);
    }

    private static RawJson ToJson(object? value) => value switch
    {
        null => default,
        RawJson json => json,
        _ => new RawJson(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), JsonSerializerOptions.Web)),
    };

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return true;

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthLimit });
        try
        {
            while (reader.Read())
            {
                // Text that is no UTF-8 would spoil the whole message; the reader looks at it only when asked.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) reader.GetString();
            }
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
