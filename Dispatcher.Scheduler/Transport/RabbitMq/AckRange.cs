using System.Threading.Channels;
using RabbitMQ.Client;

namespace Broker.Scheduler;

/// <summary>Acknowledges deliveries of one channel in ranges: one ack for all that are settled up to the first that is not.</summary>
/// <remarks>Only the pump acknowledges, and its tags grow: an ack with <c>multiple</c> for an older tag would close the channel.</remarks>
internal sealed class AckRange(IChannel channel)
{
    private readonly Channel<ulong> _settled = Channel.CreateUnbounded<ulong>(new UnboundedChannelOptions { SingleReader = true });

    public IDelivery DeliveryOf(ulong tag) => new Delivery(this, tag);

    /// <summary>Runs until the channel closes.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        var waiting = new SortedSet<ulong>();
        ulong acknowledged = 0;
        while (await _settled.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_settled.Reader.TryRead(out var tag)) waiting.Add(tag);

            var upTo = acknowledged;
            while (waiting.Remove(upTo + 1)) upTo++;
            if (upTo == acknowledged) continue;

            await channel.BasicAckAsync(upTo, multiple: true, cancellationToken);
            acknowledged = upTo;
        }
    }

    private sealed class Delivery(AckRange range, ulong tag) : IDelivery
    {
        public void Settle() => range._settled.Writer.TryWrite(tag);

        /// <summary>Nothing: stepping down drops the connection, and RabbitMQ delivers anew.</summary>
        public void Abandon()
        {
        }
    }
}
