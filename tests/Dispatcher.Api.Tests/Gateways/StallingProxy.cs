using System.Net;
using System.Net.Sockets;

namespace Broker.Api.Tests;

/// <summary>Passes TCP on to a server. While stalled it takes nothing more from clients, as RabbitMQ does during an alarm.</summary>
internal sealed class StallingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly DnsEndPoint server;
    private readonly Task accepting;
    private volatile TaskCompletionSource? stall;

    public StallingProxy(DnsEndPoint server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public bool IsStalled
    {
        set
        {
            stall?.TrySetResult();
            stall = value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var pumps = new List<Task>();
        try
        {
            while (true) pumps.Add(PassAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(pumps);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(server.Host, server.Port, stop.Token);
            await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream(), mayStall: true),
                CopyAsync(far.GetStream(), near.GetStream(), mayStall: false));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // The connection ends with whichever side ended it.
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool mayStall)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, stop.Token) is > 0 and var count)
        {
            if (mayStall && stall is { } gate) await gate.Task.WaitAsync(stop.Token);
            await to.WriteAsync(buffer.AsMemory(0, count), stop.Token);
        }
    }
}
