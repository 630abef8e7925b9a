using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>One session of a worker, across any number of links: what it holds, what runs, what is still to be reported.</summary>
/// <remarks>
/// No threads, no clock and no I/O of its own: state under one lock, handlers begun behind a yield. So it runs in a
/// single-threaded simulation as it does on the thread pool. The rules are those of docs/worker-protocol.md.
/// </remarks>
internal sealed partial class WorkerSession(
    WorkerRegistered registered, int slots, HandlerSet handlers, TimeProvider timeProvider, ILogger logger)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long a start waits for the end of its attempt, whose report says both.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<AttemptKey, HeldTask> _held = [];
    private readonly List<HeldTask> _waiting = [];
    private readonly AttemptMemory _memory = new();
    private readonly Outbox _outbox = new();
    private IReadOnlyList<Straggler> _stragglers = [];
    private TaskCompletionSource _changed = NewChanged();
    private long _lastOffer;
    private int _epoch;
    private int _slotsUsed;
    private bool _stopping;
    private bool _inventoryDue;
    private bool _inventoryIsRoutine;
    private ITimer? _startTimer;
    private bool _startTimerRuns;
    private bool _startsDue;

    public WorkerRegistered Registered => registered;

    /// <summary>Time between beats. What Broker tells is kept within 100 ms and 1 h, so that a slip stops no timer.</summary>
    public TimeSpan BeatInterval
    {
        get => TimeSpan.FromSeconds(Math.Clamp(field.TotalSeconds, 0.1, 3_600));
        set;
    } = registered.BeatInterval;

    /// <summary>Takes what is new to it. False if the offers show a newer session of this worker: somebody else may have its id.</summary>
    public bool Take(OfferMessage message)
    {
        lock (_lock)
        {
            foreach (var offer in message.Offers)
            {
                // Numbers only grow, so another session's offer beyond one of ours belongs to a later session.
                if (offer.Session == registered.Session) Take(offer);
                else if (_lastOffer > 0 && offer.Number > _lastOffer) return false;
            }
            StartWaiting();
        }
        return true;
    }

    /// <summary>An inventory goes out before any further report.</summary>
    /// <param name="routine">Nothing happened that calls for it but time.</param>
    public void RequestInventory(bool routine = false)
    {
        lock (_lock)
        {
            _inventoryIsRoutine = routine && (_inventoryIsRoutine || !_inventoryDue);
            _inventoryDue = true;
            Changed();
        }
    }

    /// <summary>The next message for the reports queue. The same reports come again until <see cref="Confirm"/>.</summary>
    public async Task<object> NextAsync(CancellationToken cancellationToken)
    {
        using var woken = cancellationToken.Register(Wake);
        while (true)
        {
            // Lets attempts that end together do so first: one message tells of all.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            lock (_lock)
            {
                if (_inventoryDue) return Inventory();
                if (_outbox.Next(_startsDue) is (var kind, { Count: > 0 } reports))
                {
                    // A message that goes again takes none of those that became due since.
                    if (kind == WireKind.Started) _startsDue = _outbox.HasStarts();
                    return new ReportMessage { Kind = kind, Worker = registered.Worker, Session = registered.Session, Reports = reports };
                }
                changed = _changed.Task;
            }
            await changed;
        }
    }

    /// <summary>The message of <see cref="NextAsync"/> is safe.</summary>
    public void Confirm(object message)
    {
        if (message is not ReportMessage) return;

        lock (_lock)
        {
            foreach (var entry in _outbox.Confirm())
                if (entry.Kind is not (WireKind.Started or WireKind.Progress)) _held.Remove(entry.Task.Key);
            StartWaiting();
            Changed();
        }
    }

    private void Take(Offer offer)
    {
        if (offer.Epoch < _epoch) return;

        _epoch = offer.Epoch;
        _lastOffer = Math.Max(_lastOffer, offer.Number);
        var task = new HeldTask(offer, timeProvider);
        if (!_memory.Add(task.Key)) return;

        _held.Add(task.Key, task);
        if (_stopping) Release(task, "interrupted");
        else _waiting.Add(task);
    }

    /// <summary>Starts what fits into the free slots, in order of arrival.</summary>
    private void StartWaiting()
    {
        while (_waiting.Count > 0 && !_stopping && !_outbox.IsFull && _slotsUsed + _waiting[0].CostOn(slots) <= slots)
        {
            var task = _waiting[0];
            _waiting.RemoveAt(0);
            _slotsUsed += task.CostOn(slots);
            var token = task.Start();
            _outbox.AddStart(task, task.Report());
            LetStartsWait();
            task.Run = RunAsync(task, token);
        }
    }

    /// <summary>All that come until the timer ends wait for it together.</summary>
    private void LetStartsWait()
    {
        if (_startTimerRuns) return;

        _startTimerRuns = true;
        _startTimer ??= timeProvider.CreateTimer(_ => EndWaitOfStarts(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _startTimer.Change(StartPatience, Timeout.InfiniteTimeSpan);
    }

    private void EndWaitOfStarts()
    {
        lock (_lock)
        {
            _startTimerRuns = false;
            _startsDue = _outbox.HasStarts();
            if (_startsDue) Changed();
        }
    }

    private async Task RunAsync(HeldTask task, CancellationToken cancellationToken)
    {
        // What a handler does before its first await must not hold up the worker.
        await Task.Yield();
        var result = await AttemptExecution.RunAsync(handlers, task.Context((percent, message) => ReportProgress(task, percent, message)), cancellationToken);
        lock (_lock)
        {
            if (!task.Ended) ReportEnd(task, result);
            task.Dispose();
            FreeSlots(task.CostOn(slots));
        }
    }

    private void FreeSlots(int count)
    {
        lock (_lock)
        {
            _slotsUsed -= count;
            StartWaiting();
            Changed();
        }
    }

    private void ReportEnd(HeldTask task, AttemptResult result)
    {
        if (result.Error is not { } error)
        {
            End(task, WireKind.Succeeded, task.Report() with { Result = result.Result });
            return;
        }
        if (task.StopReason is { } reason)
        {
            Release(task, reason);
            return;
        }
        if (task.TimedOut) (result, error) = (new AttemptResult(), new TaskError("timed-out", $"It ran longer than {task.Offer.Timeout}."));

        Log.AttemptFailed(logger, task.Offer.Task, task.Offer.Attempt, task.Offer.Type, error.Code);
        End(task, WireKind.Failed, task.Report() with
        {
            Error = error,
            Retryable = result.Retryable,
            RetryAfter = result.RetryAfter is { } wait && wait > TimeSpan.Zero ? Durations.Format(wait) : null,
        });
    }

    private void Release(HeldTask task, string code) => End(task, WireKind.Released, task.Release(code));

    private void End(HeldTask task, string kind, Report report)
    {
        task.Ended = true;
        _outbox.AddEnd(task, kind, report);
        Changed();
    }

    private void ReportProgress(HeldTask task, double? percent, string? message)
    {
        lock (_lock)
        {
            if (task.Ended || (task.ProgressAt is { } last && timeProvider.GetElapsedTime(last) < ProgressEvery)) return;

            task.ProgressAt = timeProvider.GetTimestamp();
            var line = message is null ? null : ErrorText.Clean(message, Limits.ReasonLength);
            _outbox.AddProgress(task, task.Report() with { Percent = percent, Message = line });
            Changed();
        }
    }

    private InventoryMessage Inventory()
    {
        _inventoryDue = false;
        return new InventoryMessage
        {
            Worker = registered.Worker,
            Session = registered.Session,
            LastOffer = _lastOffer,
            Attempts = [.. _held.Values.OrderBy(task => task.Offer.Number).Select(task => new HeldAttempt(task.Offer.Task, task.Offer.Attempt))],
            Routine = _inventoryIsRoutine,
        };
    }

    private async Task<bool> WaitUntilAsync(Func<bool> condition, TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit, timeProvider);
        using var woken = over.Token.Register(Wake);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (condition()) return true;
                changed = _changed.Task;
            }
            if (over.IsCancellationRequested) return false;
            await changed;
        }
    }

    private void Wake()
    {
        lock (_lock) Changed();
    }

    /// <summary>Wakes who waits. Wait for it with await alone: WaitAsync and WhenAny would move on to the thread pool.</summary>
    private void Changed()
    {
        var changed = _changed;
        _changed = NewChanged();
        changed.SetResult();
    }

    private static TaskCompletionSource NewChanged() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Task {TaskId}, attempt {Attempt} of type {TaskType}, failed: {Code}.")]
        public static partial void AttemptFailed(ILogger logger, Guid taskId, int attempt, string taskType, string code);

        [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "A handler of task {TaskId} threw when it was told to stop.")]
        public static partial void CancelFailed(ILogger logger, Guid taskId, Exception exception);

        [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "Worker {WorkerId} stops with reports that were never confirmed; their attempts will run again.")]
        public static partial void ReportsUnsent(ILogger logger, string workerId);
    }
}
