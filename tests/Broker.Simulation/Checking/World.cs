using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>All the checker knows: the committed history so far, and what clients and workers logged themselves.</summary>
internal sealed class World
{
    public Dictionary<Guid, CheckedTask> Tasks { get; } = [];
    public Dictionary<string, CheckedWorker> Workers { get; } = [];
    public Dictionary<string, PoolSettings> Pools { get; } = [];

    /// <summary>Every offer ever committed, by its number.</summary>
    public Dictionary<long, CheckedLease> Leases { get; } = [];

    /// <summary>Terminal reports workers made, by token and worker.</summary>
    public Dictionary<(string Token, string Worker), List<ProducedReport>> Produced { get; } = [];

    /// <summary>What workers said they hold, by worker and session.</summary>
    public Dictionary<(string Worker, string Session), List<(long LastOffer, HashSet<HeldAttempt> Attempts)>> Inventories { get; } = [];

    /// <summary>What producers handed in, whether they got an answer or not.</summary>
    public Dictionary<Guid, SubmittedTask> HandedIn { get; } = [];

    /// <summary>What producers got a 202 for.</summary>
    public HashSet<Guid> Accepted { get; } = [];

    /// <summary>Tasks of messages with a value no database stores.</summary>
    public HashSet<Guid> Poisoned { get; } = [];

    /// <summary>Workers that called themselves reserve.</summary>
    public HashSet<string> Reserves { get; } = [];

    /// <summary>Of the last commit.</summary>
    public int Epoch { get; set; }

    /// <summary>Of the last leadership taken.</summary>
    public int AcquiredEpoch { get; set; }

    public long Turn { get; set; }
    public DateTimeOffset TookOverAt { get; set; }
    public int Quarantined { get; set; }
    public Violation? Violation { get; private set; }

    /// <summary>Only the first one counts: what follows may follow from it.</summary>
    public void Report(string rule, string what, Guid? task = null, string? worker = null) =>
        Violation ??= new Violation(rule, what, task, worker);

    public CheckedWorker? WorkerOf(CheckedTask task) => task.Worker is { } id ? Workers.GetValueOrDefault(id) : null;
}
