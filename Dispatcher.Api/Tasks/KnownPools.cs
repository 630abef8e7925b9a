using System.Collections.Concurrent;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Which pools exist. Those seen once are remembered, as pools are never deleted.</summary>
internal sealed class KnownPools(IBrokerReads reads)
{
    private readonly ConcurrentDictionary<string, bool> seen = new();

    /// <summary>False only if the database says so; a pool nobody can look up passes and its tasks wait.</summary>
    public async ValueTask<bool> MayExistAsync(string pool, CancellationToken cancellationToken)
    {
        if (seen.ContainsKey(pool)) return true;

        try
        {
            return await reads.GetPoolAsync(pool, cancellationToken) is not null && (seen[pool] = true);
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }
}
