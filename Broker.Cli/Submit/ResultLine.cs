using Broker.Contracts;

namespace Broker.Cli;

/// <summary>A finished task in the file of results.</summary>
internal sealed record ResultLine(
    Guid Id, string? Type, string State, RawJson? Payload, RawJson? Result, TaskErrorInfo? Error, int? Attempts, string? Worker)
{
    public static ResultLine Of(TaskInfo task) =>
        new(task.Id, task.Type, task.State, task.Payload, task.Result, task.Error, task.Attempts, task.Worker);
}
