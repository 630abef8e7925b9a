using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Contracts;

/// <summary>JSON of everything between scheduler and workers: camelCase, unknown fields ignored, nulls left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(OfferMessage))]
[JsonSerializable(typeof(CancelMessage))]
[JsonSerializable(typeof(DrainMessage))]
[JsonSerializable(typeof(SettingsMessage))]
[JsonSerializable(typeof(ReportMessage))]
[JsonSerializable(typeof(InventoryMessage))]
[JsonSerializable(typeof(BeatMessage))]
public sealed partial class WireJson : JsonSerializerContext;
