namespace Broker.Agent;

/// <summary><c>echo</c>: the payload is the result.</summary>
internal sealed class EchoHandler : ITaskHandler
{
    public Task<object?> HandleAsync(TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult<object?>(context.Payload);
}
