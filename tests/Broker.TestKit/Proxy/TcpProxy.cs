using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit;

/// <summary>A port that passes TCP on to a server, and can cut, refuse, fall silent either way, or lose the answer to one request.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _connections = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly DnsEndPoint _target;
    private readonly Task _accepting;
    private AnswerTrap? _trap;
    private int _accepted;
    private int _refused;

    public TcpProxy(string host, int port)
    {
        _target = new DnsEndPoint(host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What clients send.</summary>
    public ProxyGate ToServer { get; } = new();

    /// <summary>What the server sends.</summary>
    public ProxyGate ToClient { get; } = new();

    /// <summary>Made for each connection: hears both directions and may swallow what it hears. Null: nobody does.</summary>
    public Func<ProxyTap>? NewTap { get; init; }

    /// <summary>New connections end at once.</summary>
    public bool Refuses { get; set; }

    /// <summary>Connections that were passed on so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that were refused so far.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Connections that stand.</summary>
    public int Open => _connections.Count;

    internal AnswerTrap? Trap => Volatile.Read(ref _trap);

    /// <summary>Resets all connections, what was held back is lost; so many. New ones are accepted unless it refuses.</summary>
    public int Cut() => _connections.Keys.Count(connection => connection.Abort());

    /// <summary>Loses the answer to the next request that has these bytes, and all later ones on its connection.</summary>
    public AnswerTrap SwallowAnswersTo(ReadOnlySpan<byte> pattern)
    {
        var trap = new AnswerTrap(pattern.ToArray());
        Volatile.Write(ref _trap, trap);
        return trap;
    }

    /// <summary>As if nothing had happened; what is cut stays cut and what is swallowed lost.</summary>
    public void Heal()
    {
        Refuses = false;
        ToServer.Open();
        ToClient.Open();
        Volatile.Write(ref _trap, null);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Cut();
        _closing.Dispose();
    }

    /// <summary>Whether it is the caller's: a trap has one connection.</summary>
    internal bool Spring(AnswerTrap trap) => Interlocked.CompareExchange(ref _trap, null, trap) == trap;

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Take(await _listener.AcceptSocketAsync(_closing.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Closing, or a client that went before it was accepted.
            }
        }
    }

    private void Take(Socket client)
    {
        if (Refuses)
        {
            Interlocked.Increment(ref _refused);
            client.Close(0);
            return;
        }
        Interlocked.Increment(ref _accepted);
        _ = PassAsync(client);
    }

    private async Task PassAsync(Socket client)
    {
        using var connection = new ProxiedConnection(client, this);
        _connections.TryAdd(connection, 0);
        await connection.RunAsync(_target);
        _connections.TryRemove(connection, out _);
    }
}
