namespace Broker.Chaos;

/// <summary>One fault from its choice to its repair, as the history and the report have it.</summary>
internal sealed class FaultRun(FaultContext context, FaultCategory category, string kind, int seed)
{
    /// <summary>Whatever is not repaired by then never will be.</summary>
    public static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(5);

    public FaultContext Context => context;
    public ChaosCluster Cluster => context.Cluster!;
    public ClusterWatch Watch => Cluster.Watch;
    public FaultCategory Category => category;
    public string Kind => kind;
    public Random Random { get; } = new(seed);

    public string Target { get; private set; } = "";

    /// <summary>When it was done; a timestamp.</summary>
    public long Since { get; private set; }

    public bool WasBegun { get; private set; }

    /// <summary>Whether it was seen to do harm.</summary>
    public bool DidBite { get; private set; }

    public string Evidence { get; private set; } = "";

    /// <summary>Null if it was not repaired within the limit, or never bit.</summary>
    public TimeSpan? Recovery { get; private set; }

    /// <summary>Until another scheduler led; null where none had to.</summary>
    public TimeSpan? NewEpochAfter { get; private set; }

    /// <summary>Attempts its victim had.</summary>
    public int Held { get; set; }

    public HashSet<FaultCategory> Overlaps { get; } = [];

    /// <summary>A moment of this fault's own, at most so long.</summary>
    public Task PauseAsync(double fromSeconds, double toSeconds) => Task.Delay(
        TimeSpan.FromSeconds(fromSeconds + Random.NextDouble() * (toSeconds - fromSeconds)), TimeProvider.System);

    /// <summary>About to be done.</summary>
    public void Begin(string target, string? worker = null)
    {
        (Target, WasBegun) = (target, true);
        context.UnderWay.Add(this);
        Write(HistoryOp.Fault, HistoryPhase.Invoke, worker, null);
        Since = TimeProvider.System.GetTimestamp();
    }

    public void Bite(bool didBite, string evidence)
    {
        (DidBite, Evidence) = (didBite, evidence);
        Write(HistoryOp.Fault, didBite ? HistoryPhase.Ok : HistoryPhase.Info, null, evidence);
    }

    public void Healed() => Write(HistoryOp.Heal, HistoryPhase.Ok, null, null);

    /// <summary>Waits for another leader than that of an epoch; null if none came.</summary>
    public async Task<TimeSpan?> NewEpochAsync(int before) =>
        NewEpochAfter = await ClusterWatch.UntilAsync(() => Watch.Leadership.Epoch > before, Since, RecoveryLimit);

    /// <summary>Whether the machine let everybody run on time until another scheduler led.</summary>
    public bool WasCalm => NewEpochAfter is { } time && !context.Lag.IsOverloaded(Since, time);

    /// <summary>Waits until the condition holds, and notes how long that took.</summary>
    /// <param name="since">From when it counts; null: from when the fault was done.</param>
    public async Task RecoverAsync(Func<bool> condition, long? since = null)
    {
        Recovery = await ClusterWatch.UntilAsync(condition, since ?? Since, RecoveryLimit);
        Write(HistoryOp.Recovered, Recovery is null ? HistoryPhase.Info : HistoryPhase.Ok, null, $"{Recovery?.TotalSeconds:F2} s");
    }

    /// <summary>Does something that ends the harm, and waits until any task finishes that had not before; from then it counts.</summary>
    public async Task HealAsync(Func<Task> heal)
    {
        var (before, since) = (Watch.Finished, TimeProvider.System.GetTimestamp());
        await heal();
        Healed();
        await RecoverAsync(() => Watch.Finished > before, since);
    }

    /// <summary>Waits until any task finishes that had not when it is called.</summary>
    public Task NextCompletionAsync() => HealAsync(() => Task.CompletedTask);

    private void Write(string op, string phase, string? worker, string? detail) => context.History.Write(new HistoryLine
    {
        Op = op,
        Phase = phase,
        Fault = $"{Name(category)}-{kind}",
        Worker = worker,
        Detail = detail is null ? Target : $"{Target}: {detail}",
    });

    private static string Name(FaultCategory category) => category.ToString().ToLowerInvariant();
}
