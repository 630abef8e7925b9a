namespace Broker.Scheduler;

/// <summary>What became of the last tasks of one kind, worker by worker, so that nobody outvotes the others by being fast.</summary>
internal sealed class KindOutcomes
{
    /// <summary>The workers that ended a task last speak for all.</summary>
    private const int WorkerLimit = 64;

    private const int OutcomesPerWorker = 10;

    private readonly Dictionary<string, Queue<(DateTimeOffset BeganAt, bool Failed)>> _last = [];
    private readonly Queue<string> _order = new();

    /// <summary>Workers that fail more of these tasks than they do well.</summary>
    public Dictionary<string, FailureStreak> Streaks { get; } = [];

    public void Add(AttemptResult result)
    {
        if (!_last.TryGetValue(result.Worker, out var outcomes))
        {
            _last[result.Worker] = outcomes = new Queue<(DateTimeOffset, bool)>();
            _order.Enqueue(result.Worker);
            if (_order.Count > WorkerLimit) _last.Remove(_order.Dequeue());
        }
        if (outcomes.Count == OutcomesPerWorker) outcomes.Dequeue();
        outcomes.Enqueue((result.BeganAt, result.Failed));
    }

    /// <summary>What other workers began since then.</summary>
    public (int Failures, int Attempts) OfOthers(string worker, DateTimeOffset since)
    {
        var (failures, attempts) = (0, 0);
        foreach (var (id, outcomes) in _last)
        {
            if (id == worker) continue;

            foreach (var (beganAt, failed) in outcomes)
            {
                if (beganAt < since) continue;
                attempts++;
                if (failed) failures++;
            }
        }
        return (failures, attempts);
    }
}
