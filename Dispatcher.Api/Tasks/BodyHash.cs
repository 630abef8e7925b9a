using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Broker.Contracts;

namespace Broker.Api;

/// <summary>Tells whether two requests with one idempotency key ask for the same.</summary>
/// <remarks>Stable over processes and versions. Defaults count as if written out; white space and the order of
/// labels do not count; the order of fields in the payload does.</remarks>
internal static class BodyHash
{
    public static long Of(SubmittedTask task)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendText(hash, task.Type);
        AppendText(hash, task.Pool);
        AppendNumber(hash, task.Priority);
        AppendNumber(hash, task.Cost);
        AppendNumber(hash, task.Timeout?.Ticks ?? -1);
        AppendNumber(hash, task.MaxAttempts ?? -1);
        AppendNumber(hash, task.Requires?.Count ?? 0);
        foreach (var label in task.Requires?.OrderBy(label => label.Key, StringComparer.Ordinal).AsEnumerable() ?? [])
        {
            AppendText(hash, label.Key);
            AppendText(hash, label.Value);
        }
        AppendJson(hash, task.Payload.Utf8.Span);
        return BinaryPrimitives.ReadInt64BigEndian(hash.GetHashAndReset());
    }

    private static void AppendJson(IncrementalHash hash, ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty) return;

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            AppendNumber(hash, (long)reader.TokenType);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) continue;

            AppendNumber(hash, reader.ValueSpan.Length);
            hash.AppendData(reader.ValueSpan);
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AppendNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
