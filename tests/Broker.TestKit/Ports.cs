using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit;

/// <summary>Free ports of the loopback address.</summary>
/// <remarks>Below the range from which the kernel takes ports for outgoing connections, which might be given one before it is used;
/// and below that of <c>scripts/services</c>.</remarks>
public static class Ports
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 20_000);
            if (IsFree(port) && Given.TryAdd(port, true)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
