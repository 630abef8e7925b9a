namespace Broker.Bench.Peers;

/// <summary>The producer's side of a peer.</summary>
internal interface ILoad : IAsyncDisposable
{
    /// <summary>Whether many tasks can go in one call, or in flight together from one caller.</summary>
    bool TakesBatches { get; }

    /// <summary>Done when all are accepted.</summary>
    Task SubmitAsync(IReadOnlyList<NoopTask> tasks);
}
