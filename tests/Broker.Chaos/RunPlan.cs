namespace Broker.Chaos;

/// <summary>The size of a run.</summary>
internal sealed record RunPlan
{
    public required int Seed { get; init; }

    /// <summary>Where its files go; made if it is missing.</summary>
    public required string Folder { get; init; }

    public int Schedulers { get; init; } = 3;
    public int Apis { get; init; } = 2;
    public int Bots { get; init; } = 50;

    /// <summary>How many of the bots are in reserve.</summary>
    public int ReserveBots { get; init; } = 4;

    public int Tasks { get; init; } = 10_000;
    public int LongestTaskMs { get; init; } = 5_000;

    /// <summary>Over which load and faults are spread. Start, repairs and checks come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(17);

    public IReadOnlyDictionary<FaultCategory, int> Faults { get; init; } = new Dictionary<FaultCategory, int>
    {
        [FaultCategory.Worker] = 120,
        [FaultCategory.Scheduler] = 40,
        [FaultCategory.Api] = 15,
        [FaultCategory.RabbitMq] = 15,
        [FaultCategory.Postgres] = 10,
    };

    /// <summary>Whether all faults are kills; else every kind has its share.</summary>
    public bool KillsOnly { get; init; }

    /// <summary>Whether every kind comes as often as any other.</summary>
    public bool EachOnce { get; init; }

    /// <summary>Whether beats and leases are those everybody has; else a tenth of them.</summary>
    public bool Defaults { get; init; }

    /// <summary>After the last fault is healed: by then every task must have finished. Long, as a slow machine may have left most of
    /// them for the end.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromMinutes(10);

    public double LeaseScale => Defaults || IsEmbedded ? 1 : 0.1;

    public bool IsEmbedded => Faults.ContainsKey(FaultCategory.Embedded);

    /// <summary>Of all tasks, those of type <c>sleep</c>.</summary>
    public double SleepShare => IsEmbedded ? 0.4 : 0;

    public TimeSpan BeatInterval => TimeSpan.FromSeconds(Defaults ? 10 : 1);

    /// <summary>Three beats and a grace of 5 s, which scales as leases do.</summary>
    public TimeSpan LostAfter => 3 * BeatInterval + LeaseScale * TimeSpan.FromSeconds(5);

    /// <summary>Body of <c>PUT /v1/pools/default</c>.</summary>
    public object Pool => new
    {
        heartbeat = new { interval = $"{BeatInterval.TotalSeconds}s" },
        retry = new { maxAttempts = 3, @base = "500ms", cap = "5s" },
        timeout = "60s",
        reserve = new { policy = "gradual", reviewEvery = "2s", backlogAbove = 20, waitAbove = "5s", coolDown = "10s" },
    };

    /// <summary>Of 2–3 minutes, for every day.</summary>
    public static RunPlan Quick(int seed, string folder) => new()
    {
        Seed = seed,
        Folder = folder,
        Bots = 14,
        ReserveBots = 2,
        Tasks = 600,
        LongestTaskMs = 3_000,
        Duration = TimeSpan.FromSeconds(60),
        Faults = new Dictionary<FaultCategory, int>
        {
            [FaultCategory.Worker] = 12,
            [FaultCategory.Scheduler] = 4,
            [FaultCategory.Api] = 2,
            [FaultCategory.RabbitMq] = 1,
            [FaultCategory.Postgres] = 1,
        },
        KillsOnly = true,
    };

    /// <summary>50 kills of <c>broker dev</c>.</summary>
    public static RunPlan Embedded(int seed, string folder) => new()
    {
        Seed = seed,
        Folder = folder,
        Bots = 6,
        ReserveBots = 0,
        Tasks = 2_000,
        LongestTaskMs = 1_500,
        Duration = TimeSpan.FromMinutes(4),
        Faults = new Dictionary<FaultCategory, int> { [FaultCategory.Embedded] = 50 },
    };

    /// <summary>Every kind of fault once.</summary>
    public static RunPlan Each(int seed, string folder) => new()
    {
        Seed = seed,
        Folder = folder,
        Bots = 20,
        Tasks = 2_000,
        LongestTaskMs = 3_000,
        Duration = TimeSpan.FromMinutes(4),
        Faults = FaultPlan.KindCounts,
        EachOnce = true,
    };
}
