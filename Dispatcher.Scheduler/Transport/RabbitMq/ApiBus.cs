using Broker.Contracts;
using MassTransit;

namespace Broker.Scheduler;

/// <summary>What comes from the API: MassTransit endpoints for submissions and commands, which the leader alone consumes.</summary>
/// <remarks>
/// A broken bus is thrown away whole. Left alone, MassTransit waits longer after each outage, up to 30 s, and an endpoint
/// that was refused access stays dead. A connection of our own tells when RabbitMQ is there again.
/// </remarks>
/// <param name="use">What else runs over a bus while it stands.</param>
internal sealed class ApiBus(
    RabbitConnections connections, QueueNames names, Inbox inbox, Func<IBus, CancellationToken, Task> use, TimeProvider time)
{
    /// <summary>Submissions held by us at most; each carries up to a thousand tasks.</summary>
    private const ushort SubmissionPrefetch = 100;

    private const ushort CommandPrefetch = 1_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>An endpoint that lost its queue or channel comes back by itself in 4 s at best; a new bus is faster.</summary>
    private static readonly TimeSpan UnhealthyLimit = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the token is canceled; then the bus is stopped, and what was not settled comes again.</summary>
    public Task RunAsync(CancellationToken cancellationToken)
    {
        inbox.Deafen(WorkerTransport.Http);
        return connections.KeepAsync("watch", (_, token) => RunOneAsync(token), cancellationToken);
    }

    private async Task RunOneAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var startLimit = new CancellationTokenSource(StartLimit, time);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, startLimit.Token);
        var sockets = new BusSockets();
        var bus = Create(sockets);
        var used = Task.CompletedTask;
        try
        {
            // It does not always look at its token.
            await bus.StartAsync(starting.Token).WaitAsync(StartLimit, time, cancellationToken);
            inbox.Hear(WorkerTransport.Http);
            used = use(bus, over.Token);
            await WatchAsync(bus, cancellationToken);
        }
        finally
        {
            inbox.Deafen(WorkerTransport.Http);
            await over.CancelAsync();
            await bus.StopAsync(StopLimit).WaitAsync(StopLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sockets.End();
            await used.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ends with an exception as soon as the bus is not to be trusted any more.</summary>
    /// <remarks>A bus just started may not call itself healthy yet.</remarks>
    private async Task WatchAsync(IBusControl bus, CancellationToken cancellationToken)
    {
        var healthy = time.GetTimestamp();
        var limit = StartLimit;
        using var timer = new PeriodicTimer(LookEvery, time);
        while (true)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var health = bus.CheckHealth();
            if (health.Status == BusHealthStatus.Healthy) (healthy, limit) = (time.GetTimestamp(), UnhealthyLimit);
            else if (time.GetElapsedTime(healthy) > limit) throw new InvalidOperationException(health.Description);
        }
    }

    private IBusControl Create(BusSockets sockets) => Bus.Factory.CreateUsingRabbitMq(bus =>
    {
        bus.Host(connections.Address, "broker-scheduler bus", host =>
        {
            host.Heartbeat(RabbitConnections.Heartbeat);
            host.OnRefreshConnectionFactory = factory =>
            {
                factory.SocketFactory = sockets.Open;
                return Task.CompletedTask;
            };
        });
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
            Configure(endpoint, SubmissionPrefetch);
            endpoint.Consumer(() => new SubmissionConsumer(inbox));
        });
        bus.ReceiveEndpoint(names.Commands, endpoint =>
        {
            Configure(endpoint, CommandPrefetch);
            endpoint.ConfigureConsumeTopology = false;           // sent, not published
            Consume<CancelTask>(endpoint);
            Consume<RetryTask>(endpoint);
            Consume<ExplainTask>(endpoint);
            Consume<WaitTasks>(endpoint);
            Consume<RegisterWorker>(endpoint);
            Consume<ChangeWorker>(endpoint);
            Consume<BeatWorkers>(endpoint);
            Consume<AskWorkers>(endpoint);
            Consume<ReportAttempts>(endpoint);
            Consume<PutPool>(endpoint);
        });
    });

    private void Consume<TCommand>(IReceiveEndpointConfigurator endpoint) where TCommand : class =>
        endpoint.Consumer(() => new CommandConsumer<TCommand>(inbox));

    private void Configure(IRabbitMqReceiveEndpointConfigurator endpoint, ushort prefetch)
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
