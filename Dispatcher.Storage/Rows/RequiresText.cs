using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Broker.Storage;

/// <summary>A class's labels as a JSON object that keeps their order; null for none.</summary>
internal static class RequiresText
{
    public static string? Write(TaskClass taskClass)
    {
        if (taskClass.Requires.Count == 0) return null;

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in taskClass.Requires) writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Read(string? json)
    {
        if (json is null) return [];

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject()
            .Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!))];
    }
}
