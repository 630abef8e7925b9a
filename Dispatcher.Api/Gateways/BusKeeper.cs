using Broker.Contracts;
using MassTransit;
using RabbitMQ.Client;

namespace Broker.Api;

/// <summary>Keeps a bus to RabbitMQ running: one that broke or hangs is thrown away whole and replaced.</summary>
/// <remarks>
/// Left alone, MassTransit waits longer after each outage, up to 30 s, before it connects again, and publishes that were under
/// way may never end. A connection of our own tells when RabbitMQ is gone and when it is there again.
/// </remarks>
internal sealed partial class BusKeeper(Uri address, QueueNames names, TimeProvider timeProvider, ILogger<BusKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnhealthyLimit = TimeSpan.FromSeconds(1);

    private volatile BusLink? _current;
    private volatile string _trouble = "RabbitMQ: not connected yet.";

    /// <summary>Null while none stands.</summary>
    public BusLink? Current => _current;

    /// <summary>Why none stands; null while one does.</summary>
    public string? Trouble => _current is null ? _trouble : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOneAsync(stoppingToken);
            }
            catch (Exception exception)
            {
                if (!stoppingToken.IsCancellationRequested) Tell(exception.Message, exception);
            }
            await Task.Delay(RetryEvery, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunOneAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = address,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = RabbitMqBus.Patience,
            RequestedConnectionTimeout = OpenLimit,
            ClientProvidedName = "broker-api watch",
        };
        var watch = await factory.CreateConnectionAsync(cancellationToken).WaitAsync(OpenLimit, timeProvider, cancellationToken);
        using var limit = new CancellationTokenSource(OpenLimit, timeProvider);
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var bus = RabbitMqBus.Create(address, names);
        try
        {
            var link = new BusLink(bus, RabbitMqBus.ConnectReplies(bus));
            watch.ConnectionShutdownAsync += (_, shutdown) =>
            {
                link.GiveUp(shutdown.ReplyText);
                return Task.CompletedTask;
            };
            // Neither starting nor stopping always looks at its limit.
            await bus.StartAsync(starting.Token).WaitAsync(OpenLimit, timeProvider, cancellationToken);
            _current = link;
            Tell(await UntilBrokenAsync(link, watch, cancellationToken));
        }
        finally
        {
            _current = null;
            await watch.AbortAsync(CancellationToken.None);
            await bus.StopAsync(StopLimit).WaitAsync(StopLimit, timeProvider, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Completes with the reason why the bus is not to be trusted any more.</summary>
    private async Task<string> UntilBrokenAsync(BusLink link, IConnection watch, CancellationToken cancellationToken)
    {
        var healthy = timeProvider.GetTimestamp();
        while (watch.IsOpen && !link.GivenUp.IsCompleted)
        {
            await Task.WhenAny(link.GivenUp, Task.Delay(LookEvery, timeProvider, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            var health = link.Bus.CheckHealth();
            if (health.Status != BusHealthStatus.Unhealthy) healthy = timeProvider.GetTimestamp();
            else if (timeProvider.GetElapsedTime(healthy) > UnhealthyLimit) return health.Description;
        }
        return link.GivenUp.IsCompleted ? await link.GivenUp : "The connection is closed.";
    }

    private void Tell(string reason, Exception? exception = null)
    {
        var trouble = $"RabbitMQ: {reason}";
        if (trouble != _trouble) Log.Broken(logger, reason, exception);
        _trouble = trouble;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1021, Level = LogLevel.Warning, Message = "The bus to RabbitMQ is replaced. {Reason}")]
        public static partial void Broken(ILogger logger, string reason, Exception? exception);
    }
}
