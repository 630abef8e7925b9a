using Broker.Contracts;

namespace Broker.Api;

/// <summary>Natural batching: what arrives while calls are in flight gathers into the next call.</summary>
/// <remarks>An idle gatherer passes an item on at once, a busy one makes larger calls by itself.</remarks>
internal sealed class Gatherer<TItem, TAnswer>(
    GatherLimits limits,
    Func<TItem, long> weigh,
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TAnswer>>> call,
    TimeProvider timeProvider)
{
    private readonly Lock gate = new();
    private readonly Queue<Waiting> waiting = new();
    private long waitingWeight;
    private int inFlight;

    /// <summary>The call that few items wait for: the latest, until it ends or takes long.</summary>
    private List<Waiting>? awaited;

    /// <summary>Completes with the item's answer, or with the exception of the call it went with.</summary>
    public Task<TAnswer> AddAsync(TItem item) => AddAll([item])[0];

    /// <summary>A task per item. All wait or none: a list that has no room is refused at once as overloaded.</summary>
    public Task<TAnswer>[] AddAll(IReadOnlyCollection<TItem> items)
    {
        var now = timeProvider.GetTimestamp();
        var added = items.Select(item => new Waiting(item, weigh(item), now)).ToArray();
        var weight = added.Sum(entry => entry.Weight);
        lock (gate)
        {
            if (waiting.Count + added.Length > limits.WaitingItemLimit || waitingWeight + weight > limits.WaitingWeightLimit)
                throw new SchedulerUnavailableException(
                    ProblemCode.Overloaded, "Too much is waiting for the scheduler; try again.");

            foreach (var entry in added) waiting.Enqueue(entry);
            waitingWeight += weight;
        }
        Pump();
        return Array.ConvertAll(added, entry => entry.Answer.Task);
    }

    private void Pump()
    {
        // CallAsync never throws: it answers its callers, who are the ones that wait.
        while (TakeNext() is { } batch) _ = CallAsync(batch);
    }

    private List<Waiting>? TakeNext()
    {
        lock (gate)
        {
            if (inFlight == limits.InFlightLimit || (awaited is not null && !IsWorthAnother())) return null;

            var batch = new List<Waiting>();
            var weight = 0L;
            while (waiting.TryPeek(out var next) && batch.Count < limits.ItemLimit)
            {
                if (batch.Count > 0 && weight + next.Weight > limits.WeightLimit) break;

                waiting.Dequeue();
                waitingWeight -= next.Weight;
                if (timeProvider.GetElapsedTime(next.Since) > limits.WaitLimit)
                {
                    next.Answer.SetException(new SchedulerUnavailableException(
                        ProblemCode.Overloaded, "The scheduler did not take it in time; try again."));
                    continue;
                }
                weight += next.Weight;
                batch.Add(next);
            }
            if (batch.Count == 0) return null;

            inFlight++;
            awaited = batch;
            return batch;
        }
    }

    private bool IsWorthAnother() => waiting.Count >= limits.AnotherFrom || waitingWeight >= limits.WeightLimit;

    private async Task CallAsync(List<Waiting> batch)
    {
        await Task.Yield(); // A call that completes at once must not nest into the next one.
        using var patience = timeProvider.CreateTimer(_ => AwaitNoLonger(batch), null, limits.Patience, Timeout.InfiniteTimeSpan);
        try
        {
            var answers = await call(batch.ConvertAll(entry => entry.Item));
            if (answers.Count != batch.Count)
                throw new InvalidOperationException($"{batch.Count} items got {answers.Count} answers.");

            for (var i = 0; i < batch.Count; i++) batch[i].Answer.SetResult(answers[i]);
        }
        catch (Exception exception)
        {
            foreach (var entry in batch) entry.Answer.TrySetException(exception);
        }
        lock (gate) inFlight--;
        AwaitNoLonger(batch);
    }

    private void AwaitNoLonger(List<Waiting> batch)
    {
        lock (gate)
        {
            if (awaited == batch) awaited = null;
        }
        Pump();
    }

    private sealed record Waiting(TItem Item, long Weight, long Since)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
