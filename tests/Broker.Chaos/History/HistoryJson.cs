using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Chaos;

/// <summary>The JSON of all files: camelCase, nulls left out, unknown fields ignored.</summary>
/// <remarks>By reflection: the source generator sets properties that are missing to zero instead of their default.</remarks>
internal static class HistoryJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <exception cref="JsonException">It is no JSON, or lacks what is required.</exception>
    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("null");
}
