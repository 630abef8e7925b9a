using Broker.Contracts;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>What comes from the API: MassTransit endpoints for submissions and commands, which the leader alone consumes.</summary>
internal static class ApiBus
{
    /// <summary>Submissions held by us at most; each carries up to a thousand tasks.</summary>
    private const ushort SubmissionPrefetch = 100;

    private const ushort CommandPrefetch = 1_000;

    public static IBusControl Create(Uri address, QueueNames names, Inbox inbox, TimeProvider time) =>
        Bus.Factory.CreateUsingRabbitMq(bus =>
        {
            bus.Host(address, "broker-scheduler bus", host => host.Heartbeat(TimeSpan.FromSeconds(5)));
            bus.ConfigureJsonSerializerOptions(json =>
            {
                json.MaxDepth = 128;
                return json;
            });
            if (names.Prefix.Length > 0)
                bus.MessageTopology.SetEntityNameFormatter(
                    new PrefixEntityNameFormatter(bus.MessageTopology.EntityNameFormatter, names.Prefix));

            bus.ReceiveEndpoint(names.Submissions, endpoint =>
            {
                Configure(endpoint, names, inbox, time, SubmissionPrefetch);
                endpoint.Consumer(() => new SubmissionConsumer(inbox));
            });
            bus.ReceiveEndpoint(names.Commands, endpoint =>
            {
                Configure(endpoint, names, inbox, time, CommandPrefetch);
                endpoint.ConfigureConsumeTopology = false;           // sent, not published
                Consume<CancelTask>(endpoint, inbox);
                Consume<RetryTask>(endpoint, inbox);
                Consume<ExplainTask>(endpoint, inbox);
                Consume<WaitTasks>(endpoint, inbox);
                Consume<RegisterWorker>(endpoint, inbox);
                Consume<ChangeWorker>(endpoint, inbox);
                Consume<BeatWorkers>(endpoint, inbox);
                Consume<AskWorkers>(endpoint, inbox);
                Consume<ReportAttempts>(endpoint, inbox);
                Consume<PutPool>(endpoint, inbox);
            });
        });

    private static void Consume<TCommand>(IReceiveEndpointConfigurator endpoint, Inbox inbox) where TCommand : class =>
        endpoint.Consumer(() => new CommandConsumer<TCommand>(inbox));

    private static void Configure(
        IRabbitMqReceiveEndpointConfigurator endpoint, QueueNames names, Inbox inbox, TimeProvider time, ushort prefetch)
    {
        var queue = endpoint.InputAddress.AbsolutePath.Split('/')[^1];
        foreach (var (name, value) in RabbitTopology.SharedArguments(names)) endpoint.SetQueueArgument(name, value);
        endpoint.PrefetchCount = prefetch;
        endpoint.PublishFaults = false;
        var quarantine = new QuarantineFilter(inbox, queue, time);
        endpoint.ConfigureError(pipe => pipe.UseFilter(quarantine));
        endpoint.ConfigureDeadLetter(pipe => pipe.UseFilter(quarantine));
    }
}
