using Broker.Contracts;

namespace Broker.Scheduler;

/// <summary>Checks what came as a submission: the API keeps every rule, but anybody at RabbitMQ may have sent this one.</summary>
/// <remarks>Only what the turn and the database could not bear; numbers out of bounds are put into them.</remarks>
internal static class SubmissionDoor
{
    /// <summary>Why it can't be taken in; null if it can.</summary>
    public static string? Refuse(TaskSubmitted message) =>
        !Names.IsValid(message.Tenant) ? "The tenant is missing or is no name."
        : message.Tasks is not { Count: >= 1 and <= Limits.BatchCount } ? $"1 to {Limits.BatchCount} tasks are needed."
        : message.Tasks.Select(Refuse).FirstOrDefault(reason => reason is not null);

    private static string? Refuse(SubmittedTask? task) =>
        task is null ? "A task is null."
        : task.Type is not { Length: >= 1 and <= Limits.TypeLength } || !WireDoor.IsText(task.Type) ? $"Task {task.Id} has no type that can be stored."
        : !Names.IsValid(task.Pool) ? $"Task {task.Id} names no pool."
        : task.Requires?.All(label => label.Value is not null && WireDoor.IsText(label.Key) && WireDoor.IsText(label.Value)) is false
            ? $"Task {task.Id} requires a label that can't be stored."
        : null;
}
