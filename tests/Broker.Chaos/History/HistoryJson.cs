using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Chaos;

/// <summary>The JSON of all files: camelCase, nulls left out, unknown fields ignored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryLine))]
[JsonSerializable(typeof(RecordedTaskEvent))]
[JsonSerializable(typeof(RecordedFleetEvent))]
[JsonSerializable(typeof(RecordedTask))]
[JsonSerializable(typeof(RecordedWorker))]
[JsonSerializable(typeof(RecordedQueue))]
internal sealed partial class HistoryJson : JsonSerializerContext;
