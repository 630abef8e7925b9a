using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Api;

/// <summary>JSON of the HTTP API: camelCase, nulls left out; unknown and double fields refused, numbers are numbers.</summary>
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(SubmitTaskRequest))]
[JsonSerializable(typeof(SubmitBatchItem))]
[JsonSerializable(typeof(SubmitBatchRequest))]
[JsonSerializable(typeof(SubmitBatchResponse))]
[JsonSerializable(typeof(TaskResponse))]
[JsonSerializable(typeof(ItemsResponse<TaskResponse>))]
[JsonSerializable(typeof(ItemsResponse<TaskEventResponse>))]
[JsonSerializable(typeof(WaitTasksRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(ExplainResponse))]
[JsonSerializable(typeof(RegisterWorkerRequest))]
[JsonSerializable(typeof(RegisterWorkerResponse))]
[JsonSerializable(typeof(WorkerResponse))]
[JsonSerializable(typeof(ItemsResponse<WorkerResponse>))]
[JsonSerializable(typeof(WorkerActionRequest))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatResponse))]
[JsonSerializable(typeof(ItemsResponse<HttpOfferResponse>))]
[JsonSerializable(typeof(StartAttemptRequest))]
[JsonSerializable(typeof(ProgressAttemptRequest))]
[JsonSerializable(typeof(SucceedAttemptRequest))]
[JsonSerializable(typeof(FailAttemptRequest))]
[JsonSerializable(typeof(ReleaseAttemptRequest))]
[JsonSerializable(typeof(AttemptResponse))]
[JsonSerializable(typeof(PoolRequest))]
[JsonSerializable(typeof(PoolResponse))]
[JsonSerializable(typeof(ItemsResponse<PoolResponse>))]
[JsonSerializable(typeof(ReadyResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Room for the deepest payload in a batch and for refusing a deeper one in words.</summary>
    public const int MaxDepth = 80;

    public static void Configure(JsonSerializerOptions options)
    {
        options.MaxDepth = MaxDepth;
        options.AllowDuplicateProperties = false;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.TypeInfoResolverChain.Insert(0, Default);
    }
}
