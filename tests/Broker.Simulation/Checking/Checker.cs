using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>Reads only what was committed and what clients and workers logged; names the first rule that is broken.</summary>
/// <remarks>Ids S1–S17 are those of the list of invariants; A1 (nothing acknowledged), A2 (nothing answered) before a commit
/// covers it, I1 (no attempt missing from an inventory that does not cover it), W1 (no idle worker while a task it could take waits) are its words in the design; G1–G4 bind the agent's processes.</remarks>
internal sealed class Checker
{
    private static readonly TimeSpan LostGrace = TimeSpan.FromSeconds(5);

    /// <summary>A leader's clock lags behind the database by the time the answer took that started it.</summary>
    private static readonly TimeSpan ClockLag = TimeSpan.FromSeconds(1);

    private readonly TransitionRules _transitions;
    private readonly PlacementRules _placement;
    private Counters _counters;
    private long _seq;

    public Checker()
    {
        _transitions = new TransitionRules(World);
        _placement = new PlacementRules(World);
        Messages = new MessageRules(World);
    }

    public World World { get; } = new();

    public MessageRules Messages { get; }

    public Violation? Violation => World.Violation;

    public void Seed(PoolSettings pool) => World.Pools[pool.Name] = pool;

    /// <summary>A leadership was taken; leases of before begin anew.</summary>
    public void Acquired(int epoch, DateTimeOffset now) => (World.AcquiredEpoch, World.TookOverAt) = (epoch, now);

    /// <summary>A turn is in the database.</summary>
    public void Committed(TurnCommit commit)
    {
        CheckLeader(commit);
        foreach (var pool in commit.Pools) World.Pools[pool.Name] = pool;
        foreach (var record in commit.Workers) Change(record);
        foreach (var happened in commit.FleetEvents) CheckLoss(happened);
        Record(commit);

        var offers = Walk(commit);
        foreach (var (task, step, at, token) in offers)
        {
            // The place in the backlog is left first: a task never competes with itself.
            _placement.Waiting.Remove(task);
            _placement.Offer(task, step);
            _transitions.Offer(task, step, commit.Epoch, at, token);
            World.Leases[token.Number] = new CheckedLease(
                task, task.Attempt, token, task.Worker ?? "", World.WorkerOf(task)?.Record.Session ?? "");
        }

        Compare(commit);
        World.Quarantined += commit.Quarantined.Count;
        if (commit.TaskEvents.Count + commit.Workers.Count == 0) return;

        _placement.EndTurn(offers.Count);
        _placement.Recount();
    }

    /// <summary>A worker's sign of life reached a scheduler's inbox; only the leader can make use of it.</summary>
    public void Heard(int epoch, string worker, string session, DateTimeOffset at)
    {
        if (epoch != World.AcquiredEpoch) return;
        if (World.Workers.TryGetValue(worker, out var known) && known.Record.Session == session) known.Hear(at);
    }

    public void Produced(ProducedReport report)
    {
        var key = (report.Token, report.Worker);
        if (!World.Produced.TryGetValue(key, out var reports)) World.Produced[key] = reports = [];
        reports.Add(report);
    }

    /// <summary>A worker says what it holds.</summary>
    public void Listed(InventoryMessage inventory) => Listed(inventory.Worker, inventory.Session, inventory.LastOffer, inventory.Attempts);

    /// <summary>Over HTTP offers have no numbers: they are fetched, not sent.</summary>
    public void Listed(WorkerBeat beat) => Listed(beat.Worker, beat.Session, long.MaxValue, beat.Attempts ?? []);

    /// <summary>S1: everything is healed and drained; what was accepted must have ended.</summary>
    public void Drained()
    {
        foreach (var id in World.Accepted)
        {
            if (World.Poisoned.Contains(id) && !World.Tasks.ContainsKey(id)) continue;
            if (!World.Tasks.TryGetValue(id, out var task)) World.Report("S1", $"accepted task {id} was never recorded", id);
            else if (!TaskState.IsFinished(task.State)) World.Report("S1", $"{task} did not finish", id, task.Worker);
        }
    }

    private void Listed(string worker, string session, long lastOffer, IReadOnlyList<HeldAttempt> attempts)
    {
        if (!World.Inventories.TryGetValue((worker, session), out var said)) World.Inventories[(worker, session)] = said = [];
        said.Add((lastOffer, [.. attempts]));
    }

    private void CheckLeader(TurnCommit commit)
    {
        if (commit.Epoch < World.Epoch) World.Report("S14", $"epoch {commit.Epoch} committed after {World.Epoch}");
        if (commit.Turn != World.Turn + 1) World.Report("S14", $"turn {commit.Turn} committed after {World.Turn}");
        if (commit.Counters.Seq < _counters.Seq || commit.Counters.Offer < _counters.Offer || commit.Counters.Event < _counters.Event)
            World.Report("S14", $"counters went back from {_counters} to {commit.Counters}");
        if (commit.Epoch != World.Epoch) _placement.Forget();
        (World.Epoch, World.Turn, _counters) = (commit.Epoch, commit.Turn, commit.Counters);
    }

    private void Change(WorkerRecord record)
    {
        if (World.Workers.TryGetValue(record.Id, out var worker)) worker.Record = record;
        else World.Workers[record.Id] = new CheckedWorker(record);
    }

    private void CheckLoss(FleetEventRecord happened)
    {
        if (happened is not { Kind: "lost", Worker: { } id } || happened.Reason?.StartsWith("silent", StringComparison.Ordinal) != true) return;

        var interval = World.Pools.GetValueOrDefault(happened.Pool)?.HeartbeatInterval ?? TimeSpan.FromSeconds(10);
        if (World.Workers[id].WasHeardBetween(happened.At - 3 * interval - LostGrace + ClockLag, happened.At))
            World.Report("S16", $"{id} was lost as '{happened.Reason}', but was heard within {3 * interval + LostGrace}", null, id);
    }

    /// <summary>S2, S4: tasks come once, and come back from the history alone.</summary>
    private void Record(TurnCommit commit)
    {
        foreach (var (record, _) in commit.Inserted)
            if (!World.Tasks.TryAdd(record.Id, new CheckedTask(record))) World.Report("S4", $"task {record.Id} was recorded twice", record.Id);
        foreach (var record in commit.Revived)
            if (!World.Tasks.TryGetValue(record.Id, out var task) || !TaskState.IsFinished(task.State))
                World.Report("S2", $"task {record.Id} came back from where it was not", record.Id);
    }

    /// <summary>Applies every step but offers, and returns those in the order of their decisions.</summary>
    private List<(CheckedTask Task, TaskTransition Step, DateTimeOffset At, FenceToken Token)> Walk(TurnCommit commit)
    {
        var tokens = new Dictionary<Guid, FenceToken>();
        foreach (var record in Records(commit)) tokens[record.Id] = record.Token;

        var offers = new List<(CheckedTask Task, TaskTransition Step, DateTimeOffset At, FenceToken Token)>();
        foreach (var happened in commit.TaskEvents)
        {
            if (happened.Seq < _seq) World.Report("S14", $"event {happened.Seq} came after {_seq}", happened.Task);
            _seq = happened.Seq;
            if (!World.Tasks.TryGetValue(happened.Task, out var task))
            {
                World.Report("S2", $"an event of {happened.Task}, which was never recorded", happened.Task);
                continue;
            }
            for (var i = 0; i < happened.Transitions.Count; i++)
            {
                var step = happened.Transitions[i];
                if (step.Event != "offered") _transitions.Step(task, step, happened.At);
                else if (i < happened.Transitions.Count - 1) World.Report("S5", $"{task} had steps after its offer in one turn", task.Id);
                else offers.Add((task, step, happened.At, tokens.GetValueOrDefault(task.Id)));
            }
            _placement.Track(task);
        }
        offers.Sort((a, b) => (a.Step.Offer ?? 0).CompareTo(b.Step.Offer ?? 0));
        return offers;
    }

    /// <summary>The rows must say what the steps say.</summary>
    private void Compare(TurnCommit commit)
    {
        foreach (var record in Records(commit))
        {
            if (!World.Tasks.TryGetValue(record.Id, out var task))
            {
                World.Report("S2", $"a row of {record.Id}, which was never recorded", record.Id);
                continue;
            }
            if (record.State != task.State || record.Attempt != task.Attempt || record.Round != task.Round
                || record.Failures != task.Failures || record.Losses != task.Losses
                || (task.Attempt > 0 && (record.Worker != task.Worker || record.Token != task.Token)))
                World.Report("S2", $"the row of {task} says {record.State}, attempt {record.Attempt} on {record.Worker}, token {record.Token}, failures {record.Failures}, losses {record.Losses}", task.Id);
            task.RetryAt = record.RetryAt;
            if (record.StartedAt is { } started) task.StartedAt = started;
        }
        foreach (var finished in commit.Finished) CheckResult(finished);
    }

    /// <summary>S7: the result is what the winning attempt's worker produced, bit by bit.</summary>
    private void CheckResult(FinishedTask finished)
    {
        if (!World.Tasks.TryGetValue(finished.Task.Id, out var task)) return;
        if (!TaskState.IsFinished(task.State)) World.Report("S2", $"{task} moved to the history", task.Id);
        if (task.State != TaskState.Succeeded) return;

        var produced = World.Produced.GetValueOrDefault((task.Token.ToString(), task.Worker ?? ""));
        if (produced?.Exists(report => report.Kind == WireKind.Succeeded && report.Result.AsSpan().SequenceEqual(finished.Result)) != true)
            World.Report("S7", $"the result of {task} is not what {task.Worker} produced", task.Id, task.Worker);
    }

    private static IEnumerable<TaskRecord> Records(TurnCommit commit) => commit.Inserted.Select(inserted => inserted.Task)
        .Concat(commit.Revived).Concat(commit.Updated).Concat(commit.Finished.Select(finished => finished.Task));
}
