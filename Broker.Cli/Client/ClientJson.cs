using System.Text.Json;
using System.Text.Json.Serialization;

namespace Broker.Cli;

/// <summary>JSON of the API as the command reads and writes it; fields it does not know are passed over.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskInfo))]
[JsonSerializable(typeof(TaskTemplate))]
[JsonSerializable(typeof(ResultLine))]
[JsonSerializable(typeof(SubmitSummary))]
[JsonSerializable(typeof(Page<TaskInfo>))]
[JsonSerializable(typeof(Page<TaskEventInfo>))]
[JsonSerializable(typeof(Page<WorkerInfo>))]
[JsonSerializable(typeof(Page<PoolInfo>))]
[JsonSerializable(typeof(ExplainInfo))]
[JsonSerializable(typeof(WorkerInfo))]
[JsonSerializable(typeof(PoolInfo))]
[JsonSerializable(typeof(ProblemInfo))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(WaitRequest))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(ReadyInfo))]
internal sealed partial class ClientJson : JsonSerializerContext;
