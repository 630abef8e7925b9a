namespace Broker.Chaos;

/// <summary>All that the events so far say, and what bots wrote down themselves.</summary>
internal sealed class World
{
    private readonly Dictionary<Guid, RecordedTask> _rows = [];

    public World(RunHistory history, CheckOptions options)
    {
        History = history;
        Options = options;
        Findings = new Findings(history, options.ListLimit);
        foreach (var row in history.Tasks) _rows.TryAdd(row.Id, row);
        foreach (var row in history.Workers) Workers[row.Id] = new ReplayedWorker(row);
        Executions = new Executions(history.Lines);
        Submits = new Submits(history.Lines, history.Tasks);
    }

    public RunHistory History { get; }
    public CheckOptions Options { get; }
    public Findings Findings { get; }
    public Dictionary<Guid, ReplayedTask> Tasks { get; } = [];
    public Dictionary<string, ReplayedWorker> Workers { get; } = [];

    /// <summary>By number.</summary>
    public Dictionary<long, CommittedOffer> Offers { get; } = [];

    public Executions Executions { get; }
    public Submits Submits { get; }

    public RecordedTask? RowOf(Guid task) => _rows.GetValueOrDefault(task);

    public ReplayedTask TaskOf(Guid id)
    {
        if (!Tasks.TryGetValue(id, out var task)) Tasks[id] = task = new ReplayedTask(id, RowOf(id));
        return task;
    }

    public ReplayedWorker? WorkerOf(ReplayedTask task) => task.Worker is { } id ? Workers.GetValueOrDefault(id) : null;
}
