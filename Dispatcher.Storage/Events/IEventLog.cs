namespace Broker.Storage;

/// <summary>Everything that happened, in commit order, for relays that tell it on.</summary>
/// <remarks>Errors: <see cref="StoreUnavailableException"/>.</remarks>
public interface IEventLog
{
    /// <summary>Where a relay stopped; 0 before its first event.</summary>
    ValueTask<long> ReadCursorAsync(string relay, CancellationToken cancellationToken);

    /// <summary>What follows, oldest first.</summary>
    /// <param name="after">The last <c>seq</c> seen.</param>
    /// <param name="limit">Rows of each kind at most.</param>
    /// <param name="withTasks">Whether events of tasks are wanted besides those of workers and pools.</param>
    ValueTask<EventPage> ReadAsync(long after, int limit, bool withTasks, CancellationToken cancellationToken);

    ValueTask SaveCursorAsync(string relay, long seq, CancellationToken cancellationToken);
}

/// <param name="Last">The cursor after this page; the one asked with if nothing followed.</param>
public sealed record EventPage(IReadOnlyList<TaskEventRecord> Tasks, IReadOnlyList<FleetEventRecord> Fleet, long Last);
