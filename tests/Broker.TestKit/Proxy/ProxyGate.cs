namespace Broker.TestKit;

/// <summary>One direction of a proxy: lets bytes pass, or holds them back while it is closed, as a network that went silent does.</summary>
public sealed class ProxyGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _closed;
    private TaskCompletionSource _firstHeld = NewSource();

    /// <summary>Bytes held back since it was last closed.</summary>
    public long HeldBytes { get; private set; }

    /// <summary>Completes when something waits at the closed gate.</summary>
    public Task FirstHeld
    {
        get
        {
            lock (_lock) return _firstHeld.Task;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_closed is not null) return;

            _closed = NewSource();
            _firstHeld = NewSource();
            HeldBytes = 0;
        }
    }

    /// <summary>Lets go of what was held on connections that still stand.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _closed?.SetResult();
            _closed = null;
        }
    }

    internal async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task closed;
            lock (_lock)
            {
                if (_closed is null) return;

                HeldBytes += bytes;
                _firstHeld.TrySetResult();
                closed = _closed.Task;
            }
            bytes = 0;
            await closed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
