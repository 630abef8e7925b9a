using Broker.Contracts;

namespace Broker.Agent;

/// <content>How attempts are stopped: one by one, in a drain, with the process, with the session.</content>
internal sealed partial class WorkerSession
{
    /// <summary>Stops these attempts; unknown ones are ignored.</summary>
    public void Cancel(CancelMessage message)
    {
        foreach (var canceled in message.Attempts) Stop(new AttemptKey(canceled.Task, canceled.Attempt), canceled.Reason);
    }

    /// <summary>Gives back what has not started. What still runs at the deadline is canceled by Broker: our clock may be wrong.</summary>
    public void Drain()
    {
        lock (_lock) ReleaseWaiting("draining");
    }

    /// <summary>Takes nothing new, waits for what runs, then gives back the rest. Ends with everything reported or the time over.</summary>
    public async Task StopAsync(TimeSpan drainLimit, TimeSpan cancelLimit, TimeSpan reportLimit)
    {
        const string interrupted = "interrupted";
        lock (_lock)
        {
            _stopping = true;
            ReleaseWaiting(interrupted);
        }

        if (!await WaitUntilAsync(() => _slotsUsed == 0, drainLimit))
        {
            foreach (var attempt in Locked(Running)) Stop(attempt, interrupted);
            await WaitUntilAsync(() => _slotsUsed == 0, cancelLimit);
            lock (_lock)
                foreach (var attempt in Running()) Release(_held[attempt], interrupted);
        }
        if (!await WaitUntilAsync(() => _outbox.IsEmpty, reportLimit)) Log.ReportsUnsent(logger, registered.Worker);
    }

    /// <summary>
    /// The session is over on Broker's side: starts nothing more and waits until what has ended is reported, up to the limit. A
    /// late success counts as long as nobody else has the task, but not once this worker has registered and got it again.
    /// </summary>
    public Task ReportEndedAsync(TimeSpan limit)
    {
        lock (_lock)
        {
            _stopping = true;
            _waiting.Clear();
        }
        return WaitUntilAsync(() => _outbox.IsEmpty, limit);
    }

    /// <summary>The session is over on Broker's side: stops everything and reports nothing. Waits for handlers up to the limit.</summary>
    /// <returns>Those that run on. They take their slots in the next session too, or it would run more than it has.</returns>
    public async Task<IReadOnlyList<Straggler>> AbandonAsync(TimeSpan cancelLimit)
    {
        List<HeldTask> running;
        lock (_lock)
        {
            _stopping = true;
            _waiting.Clear();
            running = [.. _held.Values.Where(task => task is { Started: true, Ended: false })];
            foreach (var task in running)
            {
                task.Ended = true;
                task.StopReason ??= "session-ended";
            }
        }
        foreach (var task in running) Cancel(task);
        await WaitUntilAsync(() => _slotsUsed == 0, cancelLimit);
        return Locked(() => _stragglers
            .Concat(running.Select(task => new Straggler(task.CostOn(slots), task.Run)))
            .Where(straggler => !straggler.Run.IsCompleted).ToList());
    }

    /// <summary>Leaves their slots to what still runs from an earlier session, until it ends.</summary>
    public void Inherit(IReadOnlyList<Straggler> stragglers)
    {
        lock (_lock)
        {
            _stragglers = stragglers;
            _slotsUsed += stragglers.Sum(straggler => straggler.Cost);
        }
        foreach (var straggler in stragglers) _ = OutliveAsync(straggler);
    }

    private async Task OutliveAsync(Straggler straggler)
    {
        await straggler.Run;
        FreeSlots(straggler.Cost);
    }

    private void ReleaseWaiting(string code)
    {
        foreach (var task in _waiting) Release(task, code);
        _waiting.Clear();
    }

    private void Stop(AttemptKey attempt, string reason)
    {
        HeldTask? task;
        lock (_lock)
        {
            if (!_held.TryGetValue(attempt, out task) || task.Ended) return;
            if (!task.Started)
            {
                _waiting.Remove(task);
                Release(task, reason);
                return;
            }
            task.StopReason ??= reason;
        }
        Cancel(task);
    }

    private void Cancel(HeldTask task)
    {
        try
        {
            task.Cancel();
        }
        catch (AggregateException exception)
        {
            Log.CancelFailed(logger, task.Offer.Task, exception);
        }
    }

    private List<AttemptKey> Running() =>
        [.. _held.Values.Where(task => task is { Started: true, Ended: false }).OrderBy(task => task.Offer.Number).Select(task => task.Key)];

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}
