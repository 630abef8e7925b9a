namespace Broker.Agent;

/// <summary>A handler with a typed payload and result, both JSON in camelCase.</summary>
/// <remarks>A payload that can't be read as <typeparamref name="TPayload"/> fails the task for good, as <c>invalid-payload</c>.</remarks>
public abstract class TaskHandler<TPayload, TResult> : ITaskHandler
{
    /// <inheritdoc cref="ITaskHandler.HandleAsync"/>
    public abstract Task<TResult> HandleAsync(TPayload payload, TaskContext context, CancellationToken cancellationToken);

    async Task<object?> ITaskHandler.HandleAsync(TaskContext context, CancellationToken cancellationToken) =>
        await HandleAsync(context.ReadPayload<TPayload>(), context, cancellationToken);
}
