using Broker.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>MassTransit over RabbitMQ, for publishing and asking only: no queue is declared here.</summary>
internal static class RabbitMqBus
{
    /// <summary>RabbitMQ's pseudo-queue for replies over the channel that asked.</summary>
    private const string DirectReplyTo = "amq.rabbitmq.reply-to";

    /// <summary>Room for the deepest payload in an envelope.</summary>
    private const int MaxDepth = 128;

    /// <summary>For heartbeats, and for declarations, which hang while the broker has an alarm.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddRabbitMqGateway(this IServiceCollection services, Uri address)
    {
        services.AddSingleton<ISchedulerGateway, RabbitMqGateway>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.SetRequestClientFactory(ConnectReplies);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                var names = new QueueNames(context.GetRequiredService<IOptions<ApiOptions>>().Value.QueuePrefix);
                rabbit.Host(address, "broker-api bus", host =>
                {
                    host.Heartbeat(Patience);
                    host.ContinuationTimeout(Patience);
                });
                rabbit.ConfigureJsonSerializerOptions(json =>
                {
                    json.MaxDepth = MaxDepth;
                    return json;
                });
                if (names.Prefix.Length > 0)
                    rabbit.MessageTopology.SetEntityNameFormatter(
                        new PrefixEntityNameFormatter(rabbit.MessageTopology.EntityNameFormatter, names.Prefix));
            });
        });
        return services;
    }

    /// <summary>Replies come over the connection itself: a queue per process would be one more thing to lose.</summary>
    /// <remarks>As <c>SetRabbitMqReplyToRequestClientFactory</c>, but a reply that comes too late is dropped; there it
    /// goes to a queue named <c>_skipped</c>.</remarks>
    private static IClientFactory ConnectReplies(IBus bus, RequestTimeout timeout) =>
        bus.ConnectReceiveEndpoint(DirectReplyTo, endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.PrefetchCount = 1_000;
            endpoint.DiscardSkippedMessages();
            endpoint.DiscardFaultedMessages();
        }).CreateClientFactory(timeout);
}
