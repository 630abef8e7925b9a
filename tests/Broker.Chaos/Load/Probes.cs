using System.Collections.Concurrent;

namespace Broker.Chaos;

/// <summary>Short tasks that the nemesis itself hands in, to see whether an API process takes some, or to keep workers busy.</summary>
internal sealed class Probes(RunPlan plan, IReadOnlyList<ApiMember> apis) : IDisposable
{
    private readonly ConcurrentDictionary<string, LoadClient> _clients = new();
    private readonly ConcurrentBag<Guid> _taken = [];
    private int _count;

    public IReadOnlyCollection<Guid> Taken => _taken;

    /// <summary>Hands in one task through one process, until it is taken.</summary>
    public Task SubmitAsync(ApiMember api) => SubmitAsync(
        _clients.GetOrAdd($"probe-{api.Member.Name}", name => new LoadClient(name, [api], plan.Folder)), ms: 10);

    /// <summary>Hands in many at once, of half a second each.</summary>
    public Task BurstAsync(int count)
    {
        var client = _clients.GetOrAdd("probe-burst", name => new LoadClient(name, apis, plan.Folder));
        return Task.WhenAll(Enumerable.Range(0, count).Select(_ => SubmitAsync(client, ms: 500)));
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private async Task SubmitAsync(LoadClient client, int ms)
    {
        var task = new PlannedTask(default, $"{plan.Seed}-probe-{Interlocked.Increment(ref _count)}", Priority: 9, "chaos", new ChaosPayload(ms));
        using var limit = new CancellationTokenSource(FaultRun.RecoveryLimit, TimeProvider.System);
        if (await client.SubmitAsync(task, limit.Token) is { } id) _taken.Add(id);
    }
}
