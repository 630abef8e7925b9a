using Broker.Contracts;

namespace Broker.Agent;

/// <summary>An attempt from the moment it is taken until its last report is confirmed. Guarded by its session's lock.</summary>
internal sealed class HeldTask(Offer offer, TimeProvider timeProvider) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenSource? _timeout;
    private CancellationTokenSource? _either;
    private long _startedAt;

    public Offer Offer => offer;

    public AttemptKey Key => new(offer.Task, offer.Attempt);

    public bool Started { get; private set; }

    /// <summary>Its handler's run; completes when that has returned, whatever became of the attempt.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>Whether its last report is made.</summary>
    public bool Ended { get; set; }

    /// <summary>Why it is to stop, as the code of the report; null if it may go on.</summary>
    public string? StopReason { get; set; }

    public bool TimedOut => _timeout is { IsCancellationRequested: true };

    /// <summary>Its reports that are not on their way yet, so that later news can replace them.</summary>
    public OutboxEntry? UnsentStart { get; set; }

    public OutboxEntry? UnsentProgress { get; set; }

    /// <summary>When progress was last reported, on the monotonic clock; null if never.</summary>
    public long? ProgressAt { get; set; }

    /// <summary>Slots it takes; one that is dearer than the worker takes all of it rather than wait for ever.</summary>
    public int CostOn(int slots) => Math.Clamp(offer.Cost, 1, slots);

    /// <summary>What every report of it says.</summary>
    public Report Report() => new()
    {
        Task = offer.Task,
        Attempt = offer.Attempt,
        Token = offer.Token,
        RanMs = Started ? (long)timeProvider.GetElapsedTime(_startedAt).TotalMilliseconds : null,
    };

    /// <summary>The last report of one that is given back.</summary>
    public Report Release(string code) => Report() with
    {
        Error = new TaskError(code, Started ? "The worker stopped it." : "The worker did not start it."),
    };

    /// <summary>What the handler sees.</summary>
    public TaskContext Context(Action<double?, string?> progress) => new()
    {
        TaskId = offer.Task,
        Type = offer.Type,
        Attempt = offer.Attempt,
        Priority = offer.Priority,
        Pool = offer.Pool,
        Payload = offer.Payload,
        Progress = progress,
    };

    /// <summary>Starts its clock; the token ends with a stop or with its timeout.</summary>
    public CancellationToken Start()
    {
        Started = true;
        _startedAt = timeProvider.GetTimestamp();
        var timeout = Durations.TryParse(offer.Timeout, out var told) && told < Limits.LongestTimeout ? told : Limits.LongestTimeout;
        _timeout = new CancellationTokenSource(timeout, timeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _timeout.Token);
        return _either.Token;
    }

    /// <summary>Ends the handler's token; never under a lock, since the handler goes on right here.</summary>
    public void Cancel() => _stop.Cancel();

    /// <summary>The handler has returned: its timer goes. A stop may still come and finds nothing to do.</summary>
    public void Dispose()
    {
        _either?.Dispose();
        _timeout?.Dispose();
    }
}
