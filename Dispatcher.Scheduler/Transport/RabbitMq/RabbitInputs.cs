using Broker.Storage;
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
        var wire = new RabbitWorkerWire(
            connections, names, new Leases(options.LeaseScale).OfferTtl, inbox, time, loggers.CreateLogger<RabbitWorkerWire>());
        var consumers = new WorkerConsumers(connections, names, inbox, time);
        var relayLogger = loggers.CreateLogger<EventRelay>();
        var bus = new ApiBus(connections, names, inbox,
            (bus, token) => new EventRelay(events, bus, options.Publish, time, relayLogger).RunAsync(token), time);
        _wire = wire;

        var attached = new Attached();
        attached.Running = [wire.RunAsync(attached.Stopping), consumers.RunAsync(attached.Stopping), bus.RunAsync(attached.Stopping)];
        return attached;
    }

    private sealed class Attached : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public CancellationToken Stopping => _stop.Token;

        public Task[] Running { get; set; } = [];

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Dispose();
        }
    }
}
