namespace Broker.Bench.Peers;

/// <summary>A way to have tasks done that Broker is compared with.</summary>
internal interface IPeer
{
    /// <summary>Makes its schema or queue anew, empty; no worker runs.</summary>
    Task PrepareAsync();

    /// <summary>Takes tasks until it is disposed of.</summary>
    Task<IAsyncDisposable> WorkAsync(Tally tally);

    /// <summary>Removes what earlier runs left, and is ready to submit.</summary>
    Task<ILoad> OpenAsync(int connections);
}
