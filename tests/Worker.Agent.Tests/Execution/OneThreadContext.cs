using System.Collections.Concurrent;

namespace Broker.Agent.Tests;

/// <summary>Runs continuations one after the other, on the thread of the test.</summary>
internal sealed class OneThreadContext : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Callbacks that came from another thread: something left the context.</summary>
    public int Strangers { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) Strangers++;
        _posted.Enqueue((d, state));
    }

    /// <summary>Runs until nothing is left to do.</summary>
    public void RunAll()
    {
        var before = Current;
        SetSynchronizationContext(this);
        while (_posted.TryDequeue(out var next)) next.Callback(next.State);
        SetSynchronizationContext(before);
    }

    public void Do(Action action)
    {
        Post(_ => action(), null);
        RunAll();
    }
}
