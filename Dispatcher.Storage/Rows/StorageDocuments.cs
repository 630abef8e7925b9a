using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Broker.Contracts;

namespace Broker.Storage;

/// <summary>Workers and pools as JSON documents. A field an older version did not write gets its default.</summary>
/// <remarks>By reflection, because the source generator sets init-only properties that are missing to null or zero.</remarks>
internal static class StorageDocuments
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static readonly JsonTypeInfo<WorkerRecord> Worker = (JsonTypeInfo<WorkerRecord>)Options.GetTypeInfo(typeof(WorkerRecord));
    public static readonly JsonTypeInfo<PoolSettings> Pool = (JsonTypeInfo<PoolSettings>)Options.GetTypeInfo(typeof(PoolSettings));
}
