using Broker.TestKit;

namespace Broker.Chaos;

/// <summary>Harm to the way between a process and a server.</summary>
internal static class Links
{
    /// <summary>Longest back-off of an agent, and a little: until then it is connected and sends something.</summary>
    private static readonly TimeSpan ConnectionLimit = TimeSpan.FromSeconds(40);

    /// <summary>Ends all connections, once there are some: the process may be about to connect anew.</summary>
    /// <param name="isClosed">Whether no new ones are let in.</param>
    public static async Task CutAsync(FaultRun run, TcpProxy link, string detail, bool isClosed = false)
    {
        await ClusterWatch.UntilAsync(() => link.Open > 0, TimeProvider.System.GetTimestamp(), ConnectionLimit);
        link.Refuses = isClosed;
        var cut = link.Cut();
        run.Bite(cut > 0, $"{cut} connections cut; {detail}");
    }

    /// <summary>Holds one direction for some time, counted from the first byte that had to wait.</summary>
    public static async Task HoldAsync(FaultRun run, ProxyGate gate, TimeSpan from, TimeSpan to, string detail)
    {
        gate.Close();
        var didHold = false;
        try
        {
            await gate.FirstHeld.WaitAsync(ConnectionLimit, TimeProvider.System);
            didHold = true;
            await run.PauseAsync(from.TotalSeconds, to.TotalSeconds);
        }
        catch (TimeoutException)
        {
            // Nothing was sent.
        }
        finally
        {
            gate.Open();
            run.Bite(didHold, $"{gate.HeldBytes} bytes held; {detail}");
        }
    }
}
