using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>Attaches a process's inbox to the shared queues, and again whenever its connection breaks.</summary>
internal sealed class SimulatedSource(Simulator simulator, SimulatedBroker broker, SimulatedProcess process) : IInputSource
{
    private static readonly string[] Transports = [WorkerTransport.Amqp, WorkerTransport.Http];

    public ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken)
    {
        process.ThrowIfDead();
        Deafen(inbox);
        var link = new Link(simulator, broker, process, inbox);
        var attached = new TaskCompletionSource<IAsyncDisposable>();
        simulator.After(simulator.Milliseconds(1, 50), () =>
        {
            link.Connect();
            attached.SetResult(link);
        });
        return new ValueTask<IAsyncDisposable>(attached.Task);
    }

    private static void Deafen(Inbox inbox)
    {
        foreach (var transport in Transports) inbox.Deafen(transport);
    }

    private sealed class Link(Simulator simulator, SimulatedBroker broker, SimulatedProcess process, Inbox inbox) : IAsyncDisposable
    {
        private Attachment? _current;
        private bool _isOver;
        private bool _wasConnected;

        public void Connect()
        {
            if (_isOver || process.IsDead) return;

            if (broker.IsDown || process.Blocked != Way.None)
            {
                Reconnect();
                return;
            }
            _current = broker.Attach(new Attachment(simulator, broker, process, inbox, Reconnect));
            foreach (var transport in Transports) inbox.Hear(transport);
            if (_wasConnected) inbox.Post(new ReconnectInput());
            _wasConnected = true;
        }

        public ValueTask DisposeAsync()
        {
            process.ThrowIfDead();
            _isOver = true;
            _current?.Close();
            return ValueTask.CompletedTask;
        }

        private void Reconnect()
        {
            Deafen(inbox);
            simulator.After(simulator.Milliseconds(1, 200), Connect);
        }
    }
}
