using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>JSON text in UTF-8 that Broker carries but never interprets: payloads and results.</summary>
/// <remarks>Written into the surrounding JSON as it is. The default value stands for nothing, and so does JSON null.</remarks>
[JsonConverter(typeof(RawJsonConverter))]
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => Utf8.IsEmpty;

    /// <summary>The bytes, or null for nothing; the form the database stores.</summary>
    public byte[]? ToArrayOrNull() => IsEmpty ? null
        : MemoryMarshal.TryGetArray(Utf8, out var segment) && segment.Array!.Length == segment.Count ? segment.Array
        : Utf8.ToArray();
}

/// <summary>Copies JSON text in and out without looking at it.</summary>
public sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? default
            : new RawJson(JsonMarshal.GetRawUtf8Value(JsonElement.ParseValue(ref reader)).ToArray());

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options)
    {
        if (value.IsEmpty) writer.WriteNullValue();
        else writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}
