using System.Text;
using System.Text.Json;
using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>Reads what workers send and checks every rule. What passes is safe for the turn and the database.</summary>
/// <remarks>Workers are the least trusted part: headers are ignored, only the body counts.</remarks>
internal static class WireDoor
{
    private const int BodyBytes = 16 * 1024 * 1024;

    /// <summary>A message, or the reason why it is none.</summary>
    public static (object? Message, string? Reason) ReadReport(ReadOnlySpan<byte> body) => Read(body, static (body, kind) => kind switch
    {
        WireKind.Started or WireKind.Progress or WireKind.Succeeded or WireKind.Failed or WireKind.Released =>
            Check(JsonSerializer.Deserialize(body, WireJson.Default.ReportMessage)!),
        WireKind.Inventory => Check(JsonSerializer.Deserialize(body, WireJson.Default.InventoryMessage)!),
        _ => (null, $"Kind '{Shown(kind)}' does not belong on the reports queue."),
    });

    /// <summary>A beat, or the reason why it is none.</summary>
    public static (object? Message, string? Reason) ReadBeat(ReadOnlySpan<byte> body) => Read(body, static (body, kind) =>
    {
        if (kind != WireKind.Beat) return (null, $"Kind '{Shown(kind)}' does not belong on the beats queue.");

        var beat = JsonSerializer.Deserialize(body, WireJson.Default.BeatMessage)!;
        return CheckSender(beat.Worker, beat.Session) is { } reason ? (null, reason) : (beat, null);
    });

    private delegate (object? Message, string? Reason) Reading(ReadOnlySpan<byte> body, string? kind);

    private static (object? Message, string? Reason) Read(ReadOnlySpan<byte> body, Reading read)
    {
        if (body.Length > BodyBytes) return (null, $"{body.Length} bytes are more than {BodyBytes}.");

        try
        {
            return read(body, KindOf(body));
        }
        // The reader calls half a surrogate pair an invalid operation.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, $"Not the JSON expected: {exception.Message}");
        }
    }

    private static string? KindOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("An object was expected.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.ValueTextEquals("kind");
            reader.Read();
            if (isKind) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }
        return null;
    }

    private static (object?, string?) Check(ReportMessage message)
    {
        if (CheckSender(message.Worker, message.Session) is { } sender) return (null, sender);
        if (message.Reports is not { Count: >= 1 and <= Limits.BatchCount })
            return (null, $"{message.Reports?.Count ?? 0} reports; 1 to {Limits.BatchCount} are allowed.");

        var reports = new List<Report>(message.Reports.Count);
        foreach (var report in message.Reports)
        {
            if (report is null) return (null, "A report is null.");
            if (CheckTexts(report) is { } reason) return (null, reason);
            reports.Add(Cut(report));
        }
        return (message with { Reports = reports }, null);
    }

    private static (object?, string?) Check(InventoryMessage message)
    {
        if (CheckSender(message.Worker, message.Session) is { } sender) return (null, sender);
        return message.Attempts?.Contains(null!) is false ? (message, null) : (null, "The attempts or one of them are null.");
    }

    private static string? CheckSender(string worker, string session) =>
        !Names.IsValid(worker) ? $"'{Shown(worker)}' is not a worker id."
        : session is not { Length: >= 1 and <= 128 } || !IsText(session) ? "The session is missing or too long."
        : null;

    private static string? CheckTexts(Report report)
    {
        if (report.Token is not { Length: <= 64 }) return "The token is missing or too long.";
        if (report.Result.Utf8.Length > Limits.PayloadBytes) return $"A result of {report.Result.Utf8.Length} bytes; the limit is {Limits.PayloadBytes}.";
        if (report.Error is { } error && (error.Code is not { Length: >= 1 and <= Limits.TypeLength } || error.Message is null))
            return "An error has no code or no message.";

        return IsText(report.Token) && IsText(report.Error?.Code) && IsText(report.Error?.Message) && IsText(report.Message)
            ? null : "A text holds NUL or half a character, which can't be stored.";
    }

    /// <summary>Shortens what is only for people.</summary>
    private static Report Cut(Report report) => report with
    {
        Error = report.Error is { } error ? error with { Message = Cut(error.Message, Limits.ErrorBytes) } : null,
        Message = report.Message is { } message ? Cut(message, Limits.ReasonLength) : null,
    };

    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes) return text;

        var utf8 = Encoding.UTF8.GetBytes(text).AsSpan(0, bytes);
        // Not in the middle of a character.
        while (utf8.Length > 0 && (utf8[^1] & 0xC0) == 0x80) utf8 = utf8[..^1];
        return Encoding.UTF8.GetString(utf8[..^1]);
    }

    /// <summary>Whether the database can store it; null can be.</summary>
    public static bool IsText(string? text)
    {
        if (text is null) return true;

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static string Shown(string? text) => text is null ? "" : text.Length > 40 ? text[..40] + "…" : text;
}
