using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit;

/// <summary>Free ports of the loopback address.</summary>
public static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
