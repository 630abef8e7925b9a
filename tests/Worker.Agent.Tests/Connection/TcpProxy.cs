using System.Net;
using System.Net.Sockets;

namespace Broker.Agent.Tests;

/// <summary>Passes bytes on to a server, until it is told to cut every connection.</summary>
internal sealed class TcpProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly (string Host, int Port) _target;

    public TcpProxy(string host, int port)
    {
        _target = (host, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were made so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Resets all connections; new ones are accepted.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (var client in _clients) client.Close();
            _clients.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var inner = await _listener.AcceptTcpClientAsync();
                var outer = new TcpClient();
                await outer.ConnectAsync(_target.Host, _target.Port);
                lock (_clients) _clients.AddRange([inner, outer]);
                Accepted++;
                _ = PumpAsync(inner, outer);
                _ = PumpAsync(outer, inner);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
        from.Close();
        to.Close();
    }
}
