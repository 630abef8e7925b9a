using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit;

/// <summary>One connection through a proxy, forwarded both ways until either side ends it.</summary>
internal sealed class ProxiedConnection(Socket client, TcpProxy proxy) : IDisposable
{
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _over = new();
    private readonly ProxyTap? _tap = proxy.NewTap?.Invoke();

    // What was sent last, so that a pattern in two pieces is found too.
    private byte[] _sent = [];
    private volatile AnswerTrap? _trap;

    public async Task RunAsync(DnsEndPoint target)
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(target.Host, target.Port, _over.Token);
            await await Task.WhenAny(SendAsync(), AnswerAsync());
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side went, or the proxy cut it.
        }
    }

    /// <summary>Resets both sides. False if it was over already.</summary>
    public bool Abort()
    {
        lock (_over)
        {
            if (_over.IsCancellationRequested) return false;

            _over.Cancel();
        }
        client.Close(0);
        _server.Close(0);
        return true;
    }

    /// <summary>Ends both sides in good order, if it was not cut.</summary>
    public void Dispose()
    {
        lock (_over) _over.Cancel();
        client.Dispose();
        _server.Dispose();
    }

    private Task SendAsync() => PumpAsync(client, _server, proxy.ToServer, bytes =>
    {
        if (_tap?.Invoke(true, bytes) is false) return false;
        if (_trap is not null || proxy.Trap is not { } trap) return true;

        _sent = [.. _sent, .. bytes];
        if (trap.IsIn(_sent) && proxy.Spring(trap)) _trap = trap;
        _sent = _sent[^Math.Min(_sent.Length, trap.PatternLength - 1)..];
        return true;
    });

    private Task AnswerAsync() => PumpAsync(_server, client, proxy.ToClient, bytes =>
    {
        _trap?.Swallow(bytes.Length);
        return _trap is null && _tap?.Invoke(false, bytes) is not false;
    });

    private async Task PumpAsync(Socket from, Socket to, ProxyGate gate, Func<ReadOnlySpan<byte>, bool> passes)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReceiveAsync(buffer, _over.Token) is > 0 and var count)
        {
            await gate.PassAsync(count, _over.Token);
            if (!passes(buffer.AsSpan(0, count))) continue;

            for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _over.Token);
        }
    }
}
