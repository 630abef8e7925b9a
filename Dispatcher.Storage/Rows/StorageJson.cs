using System.Text.Json.Serialization;

namespace Broker.Storage;

/// <summary>JSON inside rows: camelCase, nulls left out, unknown fields ignored so that a newer version can go back.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<TaskTransition>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(CounterSnapshot))]
internal sealed partial class StorageJson : JsonSerializerContext;
