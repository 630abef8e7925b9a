namespace Broker.Agent;

/// <summary>Runs one attempt. What it returns is the task's result: null, a <see cref="Contracts.RawJson"/>, or anything that serializes.</summary>
internal delegate Task<object?> HandleTask(TaskContext context, CancellationToken cancellationToken);

/// <summary>Handlers by task type.</summary>
/// <param name="other">Handles every other type; null to fail them as <c>unknown-type</c>.</param>
internal sealed class HandlerSet(IReadOnlyDictionary<string, HandleTask> handlers, HandleTask? other = null)
{
    /// <summary>What to register, sorted; null for everything.</summary>
    public IReadOnlyList<string>? Types => other is null ? [.. handlers.Keys.Order(StringComparer.Ordinal)] : null;

    public HandleTask? Find(string type) => handlers.GetValueOrDefault(type) ?? other;
}
