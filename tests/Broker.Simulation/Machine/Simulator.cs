namespace Broker.Simulation;

/// <summary>One thread, one clock, one source of chance: everything that happens in a simulation happens through here.</summary>
/// <remarks>What is ready runs first; when nothing is, time jumps to the next timer. The same seed repeats a run exactly.</remarks>
internal sealed class Simulator
{
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Ten times what the largest run takes.</summary>
    private const long StepLimit = 500_000;

    private readonly PriorityQueue<ScheduledAction, (long Due, long Order)> _timers = new();
    private readonly List<(SimulatedProcess Process, SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly bool _shuffle;
    private long _order;
    private long _ticks;

    public Simulator(int seed)
    {
        Random = Chances.Stream(seed, "run");
        // Every second seed lets what is ready run in any order, as a thread pool may.
        _shuffle = Random.Next(2) == 0;
        Time = new SimulatedTime(this, TimeSpan.Zero);
    }

    public Random Random { get; }

    public SimulatedTime Time { get; }

    public DateTimeOffset Now => Epoch.AddTicks(_ticks);

    public long Ticks => _ticks;

    /// <summary>Whether the caller runs on the simulated thread.</summary>
    public bool IsHere => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Steps taken: continuations run and timers fired.</summary>
    public long Steps { get; private set; }

    /// <summary>Something of the product ran outside: the run can't be repeated.</summary>
    public string? Escape { get; private set; }

    /// <summary>Something goes round and round.</summary>
    public bool IsStuck => Steps >= StepLimit;

    public ScheduledAction After(TimeSpan delay, Action action)
    {
        var scheduled = new ScheduledAction(action);
        _timers.Enqueue(scheduled, (_ticks + Math.Max(0, delay.Ticks), _order++));
        return scheduled;
    }

    public bool Chance(double probability) => Random.Chance(probability);

    /// <summary>Evenly between two lengths.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => Random.Between(least, most);

    public TimeSpan Milliseconds(double least, double most) => Random.Milliseconds(least, most);

    public Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public void Ready(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        if (!IsHere)
        {
            Escape ??= new System.Diagnostics.StackTrace().ToString();
            return;
        }
        _ready.Add((process, callback, state));
    }

    /// <summary>Runs until the condition holds. False if the time is over first, or nothing is left to happen.</summary>
    public bool RunUntil(Func<bool> condition, DateTimeOffset limit)
    {
        var outside = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!condition())
                if (Now >= limit || Escape is not null || IsStuck || !Step()) return false;
            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outside);
        }
    }

    private bool Step()
    {
        Steps++;
        if (_ready.Count > 0)
        {
            var index = _shuffle ? Random.Next(_ready.Count) : 0;
            var (process, callback, state) = _ready[index];
            _ready.RemoveAt(index);
            process.Run(callback, state);
            return true;
        }

        while (_timers.TryDequeue(out var action, out var due))
        {
            if (action.IsCanceled) continue;

            _ticks = Math.Max(_ticks, due.Due);
            action.Run();
            return true;
        }
        return false;
    }
}
