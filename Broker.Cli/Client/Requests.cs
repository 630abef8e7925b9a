using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Broker.Cli;

/// <summary>Bodies of requests.</summary>
internal static class Requests
{
    public static ReadOnlyMemory<byte> Write<T>(T request, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(request, type);
}

internal sealed record WaitRequest(IReadOnlyList<Guid> Ids, string Timeout);

internal sealed record ActionRequest(string? Reason, string? Deadline = null);
