namespace Broker.Simulation;

/// <summary>A process of its own: what it awaits continues here, until it is killed or stopped for a while.</summary>
internal sealed class SimulatedProcess(Simulator simulator, string name) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _held = [];

    public string Name => name;

    /// <summary>The last leadership it took; 0 before the first.</summary>
    public int Epoch { get; set; }

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>Between its machine and RabbitMQ.</summary>
    public Way Blocked { get; set; }

    public bool CanSend => (Blocked & Way.Out) == 0;

    public bool CanHear => (Blocked & Way.In) == 0;

    /// <summary>kill -9: nothing of it runs again.</summary>
    public void Kill()
    {
        IsDead = true;
        _held.Clear();
    }

    /// <summary>SIGSTOP.</summary>
    public void Pause() => IsPaused = true;

    /// <summary>SIGCONT: what was due meanwhile happens now.</summary>
    public void Resume()
    {
        IsPaused = false;
        foreach (var (callback, state) in _held) simulator.Ready(this, callback, state);
        _held.Clear();
    }

    public void Do(Action action) => Post(static action => ((Action)action!)(), action);

    /// <summary>A port was called: a killed process gets no further.</summary>
    public void ThrowIfDead()
    {
        if (IsDead) throw new ProcessKilledException(name);
    }

    public override void Post(SendOrPostCallback d, object? state) => simulator.Ready(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing in the simulation may block.");

    public override SynchronizationContext CreateCopy() => this;

    internal void Run(SendOrPostCallback callback, object? state)
    {
        if (IsDead) return;
        if (IsPaused)
        {
            _held.Add((callback, state));
            return;
        }

        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        catch (ProcessKilledException)
        {
            // It died in the middle of a callback of ours; of async code the exception ends in a task nobody waits for.
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }
}
