using System.Collections.Concurrent;
using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>A process's way to PostgreSQL, on which every connection is listened to.</summary>
internal sealed class PostgresLink : IAsyncDisposable
{
    private readonly ConcurrentQueue<PostgresTap> _taps = new();

    public PostgresLink(int port) => Proxy = new TcpProxy("127.0.0.1", port) { NewTap = NewTap };

    public TcpProxy Proxy { get; }

    /// <summary>The connection that a process of the server serves; null if it is not ours.</summary>
    public PostgresTap? Find(int backendPid) => _taps.LastOrDefault(tap => tap.BackendPid == backendPid);

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    private ProxyTap NewTap()
    {
        var tap = new PostgresTap();
        _taps.Enqueue(tap);
        return tap.Passes;
    }
}
