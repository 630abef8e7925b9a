using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Finds tasks by the ids that clients send.</summary>
internal sealed class TaskLookup(TaskIdIssuer ids, IBrokerReads reads)
{
    /// <summary>The id, if we issued it and the task may still be kept.</summary>
    /// <exception cref="ProblemException">There is no such task.</exception>
    public Guid Parse(string text) =>
        Guid.TryParseExact(text, "D", out var id) && ids.IsCurrent(id) ? id : throw Unknown(text);

    /// <summary>Null for a task that was accepted and is not recorded yet.</summary>
    public ValueTask<TaskView?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        reads.GetTaskAsync(id, cancellationToken);

    public async Task<TaskResponse> ReadAsync(Guid id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } view ? TaskResponse.Of(view) : TaskResponse.NotRecorded(id);

    /// <summary>The task after a command; only its state if the database can't be read just now.</summary>
    public async Task<TaskResponse> ReadAsync(TaskChanged changed, CancellationToken cancellationToken)
    {
        try
        {
            // The reply's state counts: the task may have moved on since.
            return await ReadAsync(changed.Task, cancellationToken) with { State = changed.State };
        }
        catch (StoreUnavailableException)
        {
            return new TaskResponse { Id = changed.Task, State = changed.State };
        }
    }

    private static ProblemException Unknown(string id) =>
        new Problem(ProblemCode.UnknownTask, $"There is no task {(id.Length <= 64 ? id : id[..64] + "…")}.").AsException();
}
