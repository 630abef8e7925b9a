using System.Text.Json;
using RabbitMQ.Client;

namespace Broker.Bench.Peers;

/// <summary>Persistent messages, those of a batch in flight together.</summary>
internal sealed class RabbitMqLoad(IConnection connection, IChannel[] channels) : ILoad
{
    private static readonly BasicProperties Properties = new() { DeliveryMode = DeliveryModes.Persistent, ContentType = "application/json" };

    private int _next;

    public bool TakesBatches => true;

    public Task SubmitAsync(IReadOnlyList<NoopTask> tasks)
    {
        var channel = channels[(uint)Interlocked.Increment(ref _next) % channels.Length];
        return Task.WhenAll(tasks.Select(task =>
            channel.BasicPublishAsync("", RabbitMqPeer.Queue, mandatory: false, Properties, JsonSerializer.SerializeToUtf8Bytes(task)).AsTask()));
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
