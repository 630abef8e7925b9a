using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>Makes payloads of lines: the line as a field of an object, or the line itself as JSON.</summary>
/// <param name="field">Null if every line is JSON.</param>
/// <param name="refuse">Told the number of a line that can't be a payload, and why.</param>
internal sealed class PayloadLines(LineReader lines, string? field, Action<long, string> refuse)
{
    public async IAsyncEnumerable<SubmitItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (number, line) in lines.ReadAsync(cancellationToken))
        {
            var text = Trim(line, number);
            if (text.IsEmpty && line is not null) continue;

            var (payload, fault) = line is null ? (null, "longer than a payload may be.") : Read(text.Span);
            if (fault is null) yield return new SubmitItem(number, payload);
            else refuse(number, fault);
        }
    }

    /// <summary>The payload, or what is wrong with the line.</summary>
    internal (byte[]? Payload, string? Fault) Read(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line)) return (null, "not UTF-8, which JSON needs.");
        if (field is null && PayloadText.FindFault(line) is { } fault) return (null, $"no JSON: {fault}");

        var payload = field is null ? line.ToArray() : Wrap(line);
        return payload.Length <= Limits.PayloadBytes ? (payload, null) : (null, "longer than a payload may be.");
    }

    private static ReadOnlyMemory<byte> Trim(byte[]? line, long number)
    {
        var text = line.AsMemory();
        if (number == 1 && text.Span.StartsWith("\uFEFF"u8)) text = text[3..];
        return text.Span.EndsWith("\r"u8) ? text[..^1] : text;
    }

    private byte[] Wrap(ReadOnlySpan<byte> line)
    {
        using var buffer = new MemoryStream(line.Length + 32);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(field!, line);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
