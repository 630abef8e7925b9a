using System.Text.Json;
using Broker.Contracts;

namespace Broker.Agent;

/// <summary>The task an attempt runs.</summary>
public sealed class TaskContext
{
    /// <summary>The same in every attempt; the key under which to make work idempotent.</summary>
    public required Guid TaskId { get; init; }

    public required string Type { get; init; }

    /// <summary>From 1; grows with every attempt of the task.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>0–9, higher goes first.</summary>
    public int Priority { get; init; } = Limits.DefaultPriority;

    public string Pool { get; init; } = "default";

    /// <summary>What the producer handed in, as JSON; empty if nothing.</summary>
    public RawJson Payload { get; init; }

    /// <summary>Gets each call of <see cref="ReportProgressAsync"/>; for tests of handlers.</summary>
    public Action<double?, string?>? Progress { get; init; }

    /// <summary>Reads the payload as JSON in camelCase.</summary>
    /// <exception cref="TaskFailedException">It is missing or does not fit; fails the task for good.</exception>
    public T ReadPayload<T>()
    {
        try
        {
            if (!Payload.IsEmpty && JsonSerializer.Deserialize<T>(Payload.Utf8.Span, JsonSerializerOptions.Web) is { } payload)
                return payload;
        }
        catch (JsonException exception)
        {
            throw new TaskFailedException("invalid-payload", exception.Message, retryable: false, innerException: exception);
        }
        throw new TaskFailedException("invalid-payload", $"A task of type '{Type}' needs a payload.", retryable: false);
    }

    /// <summary>Tells people how far it is. At most one a second is sent; others are dropped.</summary>
    /// <param name="percent">0–100, or null if unknown.</param>
    /// <param name="message">A line for people, at most 1 KiB; null for none.</param>
    public Task ReportProgressAsync(double? percent, string? message = null)
    {
        if (percent is { } value && !(value is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "Must be 0 to 100.");

        Progress?.Invoke(percent, message);
        return Task.CompletedTask;
    }
}
