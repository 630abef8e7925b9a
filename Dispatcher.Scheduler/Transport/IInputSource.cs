namespace Broker.Scheduler;

/// <summary>Where a leader's inputs come from. Only the leader is attached.</summary>
internal interface IInputSource
{
    /// <summary>Begins to fill the inbox, also across broken connections, until the result is disposed.
    /// Disposing drops the connections: what was not settled comes again, to whoever leads then.</summary>
    ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken);
}
