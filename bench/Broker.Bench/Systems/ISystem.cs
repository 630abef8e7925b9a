namespace Broker.Bench;

/// <summary>A system that takes tasks and has them done by workers: Broker, or one of those it is compared with.</summary>
internal interface ISystem : IAsyncDisposable
{
    string Name { get; }

    /// <summary>What survives what, and what it keeps of a finished task: a number means nothing without it.</summary>
    string Durability { get; }

    /// <summary>The processes that make it up and that load it, once it was started.</summary>
    IReadOnlyList<MeasuredProcess> Processes { get; }

    /// <summary>Empty, with its workers ready.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    Task<BurstResult> BurstAsync(BurstPlan plan, CancellationToken cancellationToken);

    Task<SteadyResult> SteadyAsync(SteadyPlan plan, CancellationToken cancellationToken);
}
