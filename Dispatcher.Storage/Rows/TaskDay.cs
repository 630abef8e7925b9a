using Broker.Contracts;

namespace Broker.Storage;

/// <summary>The day (UTC) whose partition holds a task's payload, result and history. It never changes.</summary>
internal static class TaskDay
{
    /// <summary>Of the id; of the acceptance for a keyed one.</summary>
    public static DateOnly Of(TaskRecord task) => Of(task.Id) ?? Of(task.CreatedAt);

    /// <summary>Null for a keyed id: it may lie in any day.</summary>
    public static DateOnly? Of(Guid id) => TaskId.TimeOf(id) is { } moment ? Of(moment) : null;

    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(moment.UtcDateTime);
}
