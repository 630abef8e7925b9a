using System.Text.Json;
using RabbitMQ.Client;

namespace Broker.Bench.Peers;

/// <summary>Acknowledges each message once it was handled; that is all that is recorded.</summary>
internal sealed class NoopConsumer(IChannel channel, Tally tally) : AsyncDefaultBasicConsumer(channel)
{
    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var start = Clock.Now;
        var task = JsonSerializer.Deserialize<NoopTask>(body.Span)!;
        await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
        tally.Add(new TallyRecord(task.Due, start, Clock.Now));
    }
}
