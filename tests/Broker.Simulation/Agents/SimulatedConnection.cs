using Broker.Agent;
using Broker.Contracts;

namespace Broker.Simulation;

/// <summary>An agent process's network: an API process to register with, RabbitMQ to work with.</summary>
internal sealed class SimulatedConnection(
    Simulator simulator, SimulatedBroker broker, SimulatedProcess process, Journal journal, AgentLife life) : IBrokerConnection
{
    /// <summary>RabbitMQ gives a silent connection up after two missed heartbeats of 5 s, and so does the client.</summary>
    public static readonly TimeSpan HeartbeatLimit = TimeSpan.FromSeconds(10);

    private readonly List<SimulatedLink> _links = [];

    public Way Blocked { get; set; }

    public Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        process.ThrowIfDead();
        var answered = new TaskCompletionSource<WorkerRegistered>();
        if ((Blocked & Way.Out) != 0)
        {
            FailSometimes(answered);
            return answered.Task;
        }

        broker.Ask(Command(registration), reply => process.Do(() =>
        {
            if (Blocked != Way.None) FailSometimes(answered);
            else if (reply is WorkerRegistered registered) answered.TrySetResult(registered);
            else if (reply is CommandRefused refused) answered.TrySetException(new RegistrationRefusedException(refused.Detail));
            else answered.TrySetException(new HttpRequestException("503: nobody leads"));
        }));
        return answered.Task;
    }

    public Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken)
    {
        process.ThrowIfDead();
        var opened = new TaskCompletionSource<IWorkerLink>();
        simulator.After(simulator.Milliseconds(1, 30), () =>
        {
            if (process.IsDead) return;
            if (broker.IsDown || Blocked != Way.None)
            {
                FailSometimes(opened);
                return;
            }

            var link = new SimulatedLink(simulator, broker, process, journal, life);
            var stands = link.Open(session.Worker);
            if (stands) _links.Add(link);
            process.Do(() =>
            {
                if (stands) opened.TrySetResult(link);
                else opened.TrySetException(new SessionEndedException("The queue is gone."));
            });
        });
        return opened.Task;
    }

    /// <summary>Nothing passes in these directions over what is open, and nobody is told.</summary>
    public void Block(Way blocked)
    {
        Blocked = blocked;
        if (blocked == Way.None) return;

        foreach (var link in _links) link.Sever(blocked);
        _links.Clear();
    }

    /// <summary>RabbitMQ closes the connections of a process that does not answer.</summary>
    public void Drop()
    {
        foreach (var link in _links) link.Drop();
        _links.Clear();
    }

    /// <summary>The process is gone; its machine closes what it had open.</summary>
    public void Die()
    {
        foreach (var link in _links) simulator.After(simulator.Milliseconds(1, 20), link.Detach);
        _links.Clear();
    }

    /// <summary>An error at once, or no answer at all.</summary>
    private void FailSometimes<T>(TaskCompletionSource<T> call)
    {
        if (simulator.Chance(0.5))
            simulator.After(simulator.Milliseconds(1, 500), () => process.Do(() => call.TrySetException(new IOException("no route"))));
    }

    private RegisterWorker Command(WorkerRegistration registration) => new()
    {
        Worker = registration.Id!,
        Session = simulator.NextGuid().ToString("N"),
        Pool = registration.Pool!,
        Slots = registration.Slots,
        Types = registration.Types,
        Labels = registration.Labels,
        Role = registration.Role,
        Transport = registration.Transport,
        MaxBatch = registration.MaxBatch,
    };
}
