using Broker.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>MassTransit over RabbitMQ, for publishing and asking only: no queue is declared here.</summary>
internal static class RabbitMqBus
{
    /// <summary>For heartbeats, and for declarations, which hang while the broker has an alarm.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>RabbitMQ's pseudo-queue for replies over the channel that asked.</summary>
    private const string DirectReplyTo = "amq.rabbitmq.reply-to";

    /// <summary>Room for the deepest payload in an envelope.</summary>
    private const int MaxDepth = 128;

    public static IServiceCollection AddRabbitMqGateway(this IServiceCollection services, Uri address) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<BusKeeper>(
            provider, address, new QueueNames(provider.GetRequiredService<IOptions<ApiOptions>>().Value.QueuePrefix)))
        .AddHostedService(provider => provider.GetRequiredService<BusKeeper>())
        .AddSingleton<ISchedulerGateway, RabbitMqGateway>();

    public static IBusControl Create(Uri address, QueueNames names) => Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.UseInstrumentation();
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

    /// <summary>Replies come over the connection itself: a queue per process would be one more thing to lose.</summary>
    /// <remarks>As <c>SetRabbitMqReplyToRequestClientFactory</c>, but a reply that comes too late is dropped; there it
    /// goes to a queue named <c>_skipped</c>.</remarks>
    public static IClientFactory ConnectReplies(IBus bus) => bus.ConnectReceiveEndpoint(DirectReplyTo, endpoint =>
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PrefetchCount = 1_000;
        endpoint.DiscardSkippedMessages();
        endpoint.DiscardFaultedMessages();
    }).CreateClientFactory();
}
