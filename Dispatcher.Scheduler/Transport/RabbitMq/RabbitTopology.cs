using Broker.Contracts;
using RabbitMQ.Client;

namespace Broker.Scheduler;

/// <summary>The shared queues. Declared by every scheduler at its start and before it consumes; declaring twice changes nothing.</summary>
/// <remarks>
/// Shared queues are quorum queues: their content can't be rebuilt. They keep a message through any number of redeliveries
/// (RabbitMQ 4 drops after 20 by default) and hand what they give up to quarantine. Exchanges are those MassTransit declares.
/// </remarks>
internal static class RabbitTopology
{
    /// <summary>High enough never to be reached; RabbitMQ 3.10 knows no "unlimited".</summary>
    private const int DeliveryLimit = 1_000_000;

    private const int BeatTtlMs = 15_000;
    private const int BeatsLimit = 100_000;
    private static readonly TimeSpan WorkerQueueExpires = TimeSpan.FromHours(1);

    public static async Task DeclareAsync(IChannel channel, QueueNames names, CancellationToken cancellationToken)
    {
        await DeclareQueueAsync(channel, names.Quarantine, Quorum(deadLetterTo: null), cancellationToken);
        foreach (var queue in new[] { names.Submissions, names.Commands, names.Reports })
            await DeclareQueueAsync(channel, queue, SharedArguments(names), cancellationToken);
        await DeclareQueueAsync(channel, names.Beats, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "classic",
            ["x-message-ttl"] = BeatTtlMs,
            ["x-max-length"] = BeatsLimit,
            ["x-overflow"] = "drop-head",
        }, cancellationToken);

        // API processes send to the exchanges, which must be bound before the first leader consumes.
        await BindEndpointAsync(channel, names.Commands, cancellationToken);
        await BindEndpointAsync(channel, names.Submissions, cancellationToken);
        var submitted = names.Prefix + "Broker.Contracts:TaskSubmitted";
        await channel.ExchangeDeclareAsync(submitted, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeBindAsync(names.Submissions, submitted, "", cancellationToken: cancellationToken);
    }

    /// <summary>Arguments of the queues whose content can't be rebuilt.</summary>
    public static IDictionary<string, object?> SharedArguments(QueueNames names) => Quorum(deadLetterTo: names.Quarantine);

    /// <summary>The worker's own queue: it goes when nobody has used it for an hour, and takes nothing with it that matters.</summary>
    public static Task DeclareWorkerAsync(IChannel channel, string queue, CancellationToken cancellationToken) =>
        DeclareQueueAsync(channel, queue, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "classic",
            ["x-expires"] = (int)WorkerQueueExpires.TotalMilliseconds,
        }, cancellationToken);

    private static Dictionary<string, object?> Quorum(string? deadLetterTo)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        if (deadLetterTo is null) return arguments;

        arguments["x-delivery-limit"] = DeliveryLimit;
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = deadLetterTo;
        return arguments;
    }

    private static Task<QueueDeclareOk> DeclareQueueAsync(
        IChannel channel, string queue, IDictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);

    private static async Task BindEndpointAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, queue, "", cancellationToken: cancellationToken);
    }
}
