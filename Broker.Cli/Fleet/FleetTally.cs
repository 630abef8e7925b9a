namespace Broker.Cli;

/// <summary>What a fleet does; written by all its workers at once.</summary>
internal sealed class FleetTally
{
    private int _connected;
    private int _running;
    private long _done;
    private long _failed;

    public int Connected => Volatile.Read(ref _connected);
    public int Running => Volatile.Read(ref _running);
    public long Done => Interlocked.Read(ref _done);
    public long Failed => Interlocked.Read(ref _failed);

    public void Connect() => Interlocked.Increment(ref _connected);

    public void Disconnect() => Interlocked.Decrement(ref _connected);

    public void Start() => Interlocked.Increment(ref _running);

    public void End(bool isDone, bool isFailed)
    {
        Interlocked.Decrement(ref _running);
        if (isDone) Interlocked.Increment(ref _done);
        if (isFailed) Interlocked.Increment(ref _failed);
    }
}
