using System.Net.Sockets;
using RabbitMQ.Client;

namespace Broker.Scheduler;

/// <summary>The sockets of one bus. They end with it for good, and it gets no others.</summary>
/// <remarks>MassTransit may hang when it is stopped in the middle of its start, and leave endpoints behind that go on consuming:
/// what they took, nobody else would get.</remarks>
internal sealed class BusSockets
{
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private bool _isOver;

    public ITcpClient Open(AddressFamily family)
    {
        lock (_lock)
        {
            if (_isOver) throw new SocketException((int)SocketError.Shutdown);

            _sockets.RemoveAll(socket => socket.SafeHandle.IsClosed);
            var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _sockets.Add(socket);
            return new TcpClientAdapter(socket);
        }
    }

    /// <summary>RabbitMQ gives back at once what was not settled.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var socket in _sockets) socket.Dispose();
        }
    }
}
