namespace Broker.Bench;

/// <summary>Who takes part in the comparison, and in what.</summary>
/// <param name="Create">Makes it anew for each of its turns.</param>
/// <param name="BurstsAlone">Whether it also gets tasks one by one in a burst.</param>
/// <param name="Rates">Steady rates it gets; those it can't hold tell nothing.</param>
internal sealed record Contestant(string Name, Func<BenchServers, ISystem> Create, bool BurstsAlone = true, params int[] Rates)
{
    private const int Workers = 50;
    private const int Slots = 32;

    public static IReadOnlyList<Contestant> InBursts { get; } =
    [
        Broker("Broker", new FleetPlan(Workers, Slots, MaxBatch: Slots)),
        Broker("Broker, 8 agent processes", new FleetPlan(48, Slots, MaxBatch: Slots, Processes: 8)) with { BurstsAlone = false },
        Broker("Broker, one-message bots", new FleetPlan(Workers, Slots, MaxBatch: 1)) with { BurstsAlone = false },
        .. Peer.All.Select(peer => new Contestant(peer.Name, servers => new PeerSystem(peer, servers))),
    ];

    public static IReadOnlyList<Contestant> InStreams { get; } =
    [
        Broker("Broker", new FleetPlan(Workers, Slots, MaxBatch: Slots, Processes: 0)) with { Rates = [200, 1_000, 3_000] },
        .. Peer.All.Select(peer => new Contestant(peer.Name, servers => new PeerSystem(peer, servers))
        {
            Rates = peer.Name is "Hangfire" or "Celery, results" ? [200] : [200, 1_000, 3_000],
        }),
    ];

    private static Contestant Broker(string name, FleetPlan fleet) => new(name, servers => new BrokerSystem(name, fleet, servers));
}
