namespace Broker.Agent;

/// <summary>Gives workers their connections, so many workers to a group. A broken group gets no new users and goes with its last one.</summary>
internal sealed class ConnectionPool(RabbitMqOptions options) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private readonly Lock _lock = new();
    private readonly List<ConnectionGroup> _groups = [];

    public RabbitMqOptions Options => options;

    /// <summary>A group with room; return it when done.</summary>
    public async Task<ConnectionGroup> RentAsync(CancellationToken cancellationToken)
    {
        if (TryRent() is { } ready) return ready;

        await _opening.WaitAsync(cancellationToken);
        try
        {
            // Whoever waited here finds the group that was opened meanwhile.
            if (TryRent() is { } opened) return opened;

            var group = await ConnectionGroup.OpenAsync(options, cancellationToken);
            group.Users = 1;
            lock (_lock) _groups.Add(group);
            return group;
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask ReturnAsync(ConnectionGroup group)
    {
        lock (_lock)
        {
            if (--group.Users > 0) return;
            _groups.Remove(group);
        }
        await group.DisposeAsync();
    }

    public void Dispose() => _opening.Dispose();

    private ConnectionGroup? TryRent()
    {
        lock (_lock)
        {
            _groups.RemoveAll(group => group.Broken.IsCompleted);
            var group = _groups.Find(group => group.Users < options.WorkersPerGroup);
            if (group is not null) group.Users++;
            return group;
        }
    }
}
