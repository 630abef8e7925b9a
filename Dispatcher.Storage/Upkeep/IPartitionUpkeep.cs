namespace Broker.Storage;

/// <summary>Keeps room for coming days and lets go of old ones. Run by the leader, apart from its turns.</summary>
/// <remarks>Errors: <see cref="StoreUnavailableException"/>; run it again later. Safe to run twice.</remarks>
public interface IPartitionUpkeep
{
    /// <summary>Makes the partitions from the day before <paramref name="today"/> to <paramref name="daysAhead"/> days after it.</summary>
    /// <param name="today">UTC.</param>
    /// <param name="daysAhead">0–366.</param>
    Task EnsureAsync(DateOnly today, int daysAhead, CancellationToken cancellationToken);

    /// <summary>Lets go of finished tasks, events and quarantined messages that are older than their retention.</summary>
    /// <remarks>Payloads of tasks still active stay, however old they are.</remarks>
    /// <param name="today">UTC; ages are counted in whole days.</param>
    Task DropOldAsync(DateOnly today, Retention retention, CancellationToken cancellationToken);
}
