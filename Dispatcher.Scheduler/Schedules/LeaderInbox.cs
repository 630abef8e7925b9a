namespace Broker.Scheduler;

/// <summary>The inbox of the leadership this process holds, for inputs that come from the clock.</summary>
internal sealed class LeaderInbox(IInputSource inner) : IInputSource
{
    /// <summary>Null while somebody else leads.</summary>
    public Inbox? Current { get; private set; }

    public async ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken)
    {
        var attached = await inner.AttachAsync(inbox, cancellationToken);
        Current = inbox;
        return new Attached(this, attached);
    }

    private sealed class Attached(LeaderInbox leader, IAsyncDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            leader.Current = null;
            return inner.DisposeAsync();
        }
    }
}
