namespace Broker.Agent;

/// <summary>Runs tasks of a type. A new one is made for every attempt, in its own scope of services.</summary>
public interface ITaskHandler
{
    /// <summary>Runs one attempt.</summary>
    /// <param name="context">The task and a way to report progress.</param>
    /// <param name="cancellationToken">Ends when the task is canceled, its timeout is over, or the worker stops: return soon, throw as usual.</param>
    /// <returns>The task's result, at most 256 KiB as JSON: a <see cref="Contracts.RawJson"/>, anything that serializes, or null.</returns>
    /// <exception cref="TaskFailedException">Fails the attempt with a code, and says whether to try again. Any other exception fails
    /// it too, with a code made of the exception's name, and is tried again within the task's <c>maxAttempts</c>.</exception>
    /// <remarks>A task may run more than once, as after a crash just before its result was safe: write handlers so that this does no harm.</remarks>
    Task<object?> HandleAsync(TaskContext context, CancellationToken cancellationToken);
}
