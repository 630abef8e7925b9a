using System.Threading.Channels;
using Broker.Agent;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>A link that is counted until it is disposed.</summary>
internal sealed class CountedLink(IWorkerLink link, FleetTally tally) : IWorkerLink
{
    private int _isDisposed;

    public ChannelReader<object> Incoming => link.Incoming;

    public Task SendAsync(object message, CancellationToken cancellationToken) => link.SendAsync(message, cancellationToken);

    public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) => link.BeatAsync(beat, cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) tally.Disconnect();
        return link.DisposeAsync();
    }
}
