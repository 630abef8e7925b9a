using Broker.Scheduler;

namespace Broker.Simulation;

/// <summary>Attaches a process's inbox to the shared queues.</summary>
internal sealed class SimulatedSource(Simulator simulator, SimulatedBroker broker, SimulatedProcess process) : IInputSource
{
    public ValueTask<IAsyncDisposable> AttachAsync(Inbox inbox, CancellationToken cancellationToken)
    {
        process.ThrowIfDead();
        var attached = new TaskCompletionSource<IAsyncDisposable>();
        simulator.After(simulator.Milliseconds(1, 50), () =>
        {
            if (!process.IsDead) attached.SetResult(broker.Attach(new Attachment(simulator, broker, process, inbox)));
        });
        return new ValueTask<IAsyncDisposable>(attached.Task);
    }
}
