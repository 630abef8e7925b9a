using System.Collections.Concurrent;

namespace Broker.Api;

/// <summary>Which pools exist. Those seen once are remembered, as pools are never deleted.</summary>
internal sealed class KnownPools(OptionalReads reads)
{
    private readonly ConcurrentDictionary<string, bool> seen = new();

    /// <summary>Those of the pools that the database says are not there. One nobody can look up passes: its tasks wait.</summary>
    public async Task<IReadOnlySet<string>> FindUnknownAsync(IEnumerable<string> pools, CancellationToken cancellationToken)
    {
        var unknown = new HashSet<string>();
        foreach (var pool in pools.Distinct().Where(pool => !seen.ContainsKey(pool)))
        {
            var (isKnown, settings) = await reads.TryAsync((store, token) => store.GetPoolAsync(pool, token), cancellationToken);
            if (!isKnown) break; // The next one would only take as long to fail.
            if (settings is null) unknown.Add(pool);
            else seen[pool] = true;
        }
        return unknown;
    }
}
