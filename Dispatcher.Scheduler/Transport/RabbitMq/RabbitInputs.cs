using Broker.Storage;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Broker.Scheduler;

/// <summary>A leader's RabbitMQ: the bus to the API, the consumers of what workers say, and the way to the workers.</summary>
/// <remarks>Made anew for each leadership, so that nothing of an old one can linger.</remarks>
internal sealed class RabbitInputs(
    RabbitConnections connections, SchedulerOptions options, IEventLog events, TimeProvider time, ILoggerFactory loggers)
    : IInputSource, IWorkerWire
{
    private RabbitWorkerWire? _wire;

    public void Declare(string worker, Action<bool> done) => _wire!.Declare(worker, done);

    public void Send(WorkerMessage message) => _wire!.Send(message);

    public async ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken)
    {
        var names = options.Queues;
        var wire = new RabbitWorkerWire(connections, names, inbox, time, loggers.CreateLogger<RabbitWorkerWire>());
        var consumers = new WorkerConsumers(connections, names, inbox, time);
        var bus = ApiBus.Create(connections.Address, names, inbox, time);
        var relay = new EventRelay(events, bus, options.Publish, time, loggers.CreateLogger<EventRelay>());
        _wire = wire;

        var attached = new Attached(bus);
        attached.Running =
        [
            wire.RunAsync(attached.Stopping), consumers.RunAsync(attached.Stopping), bus.StartAsync(attached.Stopping),
            relay.RunAsync(attached.Stopping),
        ];
        return attached;
    }

    private sealed class Attached(IBusControl bus) : IAsyncDisposable
    {
        private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(3);
        private readonly CancellationTokenSource _stop = new();

        public CancellationToken Stopping => _stop.Token;

        public Task[] Running { get; set; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await bus.StopAsync(StopTimeout);
            await Task.WhenAll(Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
