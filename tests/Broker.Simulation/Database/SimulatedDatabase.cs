using Broker.Contracts;
using Broker.Storage;

namespace Broker.Simulation;

/// <summary>The tables of one shard with their constraints; every call is one transaction.</summary>
internal sealed class SimulatedDatabase(Simulator simulator, Faults faults, Checker checker, Journal journal)
{
    private readonly Dictionary<Guid, TaskRecord> _tasks = [];
    private readonly Dictionary<Guid, byte[]> _payloads = [];
    private readonly Dictionary<Guid, HistoryEntry> _history = [];
    private readonly Dictionary<string, WorkerRecord> _workers = [];
    private readonly Dictionary<string, PoolSettings> _pools = [];
    private readonly Dictionary<Guid, HttpOffer> _httpOffers = [];
    private CounterSnapshot _totals = new();
    private int _epoch;
    private long _turn;
    private Counters _counters = new(1, 1, 1);
    private TimeSpan _lease;
    private DateTimeOffset _leaseUntil;
    private DateTimeOffset _downUntil;

    public bool IsDown => simulator.Now < _downUntil;

    public int Epoch => _epoch;

    public IReadOnlyDictionary<Guid, TaskRecord> Tasks => _tasks;

    public IEnumerable<HttpOffer> HttpOffers => _httpOffers.Values;

    public byte[]? PayloadOf(Guid task) => _payloads.GetValueOrDefault(task);

    public TaskRecord? Find(Guid task) => _tasks.GetValueOrDefault(task) ?? _history.GetValueOrDefault(task)?.Task;

    /// <summary>Restarts so far: nobody hears what became of what was under way in one.</summary>
    public int Restarts { get; private set; }

    public bool RestartFor(TimeSpan length)
    {
        _downUntil = simulator.Now + length;
        Restarts++;
        return true;
    }

    public void Put(PoolSettings pool)
    {
        _pools[pool.Name] = pool;
        checker.Seed(pool);
    }

    public Leadership? Acquire(string holder, TimeSpan lease)
    {
        if (simulator.Now < _leaseUntil) return null;

        _epoch++;
        (_lease, _leaseUntil) = (lease, simulator.Now + lease);
        journal.Add("leads", holder, number: _epoch);
        checker.Acquired(_epoch, simulator.Now);
        return new Leadership(_epoch, _turn, _counters, simulator.Now);
    }

    public LoadedState Load(int epoch)
    {
        Fence(epoch);
        var newest = _history.Keys.Where(id => !TaskId.IsKeyed(id)).DefaultIfEmpty().Max();
        return new LoadedState([.. _tasks.Values.Select(task => task.Copy())], [.. _workers.Values], [.. _pools.Values], _totals, newest);
    }

    public IReadOnlyDictionary<Guid, HistoryEntry> FindFinished(IEnumerable<Guid> ids)
    {
        var found = new Dictionary<Guid, HistoryEntry>();
        foreach (var id in ids)
            if (_history.TryGetValue(id, out var entry)) found[id] = entry with { Task = entry.Task.Copy() };
        return found;
    }

    public TurnReceipt Commit(TurnCommit commit, bool isFenced = true)
    {
        if (isFenced) Fence(commit.Epoch);
        if (commit.Turn != _turn + 1) Break($"turn {commit.Turn} after turn {_turn}");
        RefuseNul(commit);

        foreach (var (task, payload) in commit.Inserted) Insert(task, payload);
        foreach (var task in commit.Revived) Revive(task);
        foreach (var task in commit.Updated) Update(task);
        foreach (var finished in commit.Finished) Finish(finished);
        foreach (var worker in commit.Workers) _workers[worker.Id] = worker;
        foreach (var pool in commit.Pools) _pools[pool.Name] = pool;
        foreach (var id in commit.HttpOffersRemoved) _httpOffers.Remove(id);
        foreach (var offer in commit.HttpOffersAdded)
            if (!_httpOffers.TryAdd(offer.Task, offer)) Break($"two offers of {offer.Task} to HTTP workers");

        (_turn, _counters, _leaseUntil) = (commit.Turn, commit.Counters, simulator.Now + _lease);
        _totals = commit.Totals ?? _totals;
        journal.Add(commit);
        checker.Committed(commit);
        return new TurnReceipt(simulator.Now, Payloads(commit.PayloadsWanted));
    }

    public long ReadTurn(int epoch)
    {
        Fence(epoch);
        return _turn;
    }

    public Dictionary<Guid, byte[]> Payloads(IEnumerable<Guid> ids)
    {
        var found = new Dictionary<Guid, byte[]>();
        foreach (var id in ids)
            if (_payloads.TryGetValue(id, out var payload)) found[id] = payload;
        return found;
    }

    public void Release(int epoch)
    {
        if (epoch == _epoch) _leaseUntil = simulator.Now;
    }

    private void Fence(int epoch)
    {
        if (epoch != _epoch && faults.Planted != PlantedBug.NoEpochFence) throw new StaleEpochException($"Epoch {epoch} is over, {_epoch} leads.");
    }

    /// <summary>PostgreSQL stores no NUL in text.</summary>
    private static void RefuseNul(TurnCommit commit)
    {
        var bad = commit.Inserted.Any(inserted => HasNul(inserted.Task.Class.Type))
            || commit.TaskEvents.Any(happened => happened.Transitions.Any(step => HasNul(step.Message)))
            || commit.Finished.Any(finished => HasNul(finished.Error?.Message));
        if (bad) throw new ValueRefusedException("invalid byte sequence for encoding \"UTF8\": 0x00", new FormatException());
    }

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private void Insert(TaskRecord task, byte[]? payload)
    {
        if (_history.ContainsKey(task.Id) || !_tasks.TryAdd(task.Id, task)) Break($"task {task.Id} inserted twice");
        if (payload is not null) _payloads[task.Id] = payload;
    }

    private void Revive(TaskRecord task)
    {
        if (!_history.Remove(task.Id) || !_tasks.TryAdd(task.Id, task)) Break($"task {task.Id} revived, but it is not in the history");
    }

    private void Update(TaskRecord task)
    {
        if (!_tasks.TryGetValue(task.Id, out var before)) Break($"task {task.Id} updated, but it is not active");
        if (TaskState.IsFinished(task.State)) Break($"task {task.Id} is {task.State} among the active");
        if (task.Attempt < before?.Attempt) Break($"attempts of {task.Id} went back");
        _tasks[task.Id] = task;
    }

    private void Finish(FinishedTask finished)
    {
        var task = finished.Task;
        if (!_tasks.Remove(task.Id)) Break($"task {task.Id} finished, but it is not active");
        if (!TaskState.IsFinished(task.State)) Break($"task {task.Id} is {task.State} in the history");
        if (!_history.TryAdd(task.Id, new HistoryEntry(task, finished.FinishedAt))) Break($"task {task.Id} finished twice");
    }

    /// <summary>A constraint of a table: the product may never get here.</summary>
    private void Break(string what) => checker.World.Report("S2", $"constraint: {what}");
}
