using System.Security.Cryptography;
using System.Threading.Channels;
using Broker.Agent;
using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Cli;

/// <summary>A worker's way to the scheduler of the same process: the same protocol, without a broker in between.</summary>
internal sealed class InProcessConnection(InProcessHub hub) : IBrokerConnection
{
    private const string DefaultPool = "default";

    public async Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        var reply = await hub.AskAsync(new RegisterWorker
        {
            Worker = registration.Id ?? "w-" + RandomNumberGenerator.GetHexString(12, lowercase: true),
            Session = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Pool = registration.Pool ?? DefaultPool,
            Slots = registration.Slots,
            Types = registration.Types,
            Labels = registration.Labels,
            Role = registration.Role,
            Transport = WorkerTransport.Amqp,
            MaxBatch = registration.MaxBatch,
            Version = registration.Version,
        }, cancellationToken);
        return reply switch
        {
            WorkerRegistered registered => registered,
            CommandRefused refused => throw new RegistrationRefusedException(refused.Detail),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken) =>
        Task.FromResult<IWorkerLink>(new Link(hub, hub.QueueOf(session.Worker)));

    private sealed class Link(InProcessHub hub, ChannelReader<object> queue) : IWorkerLink
    {
        public ChannelReader<object> Incoming => queue;

        public Task SendAsync(object message, CancellationToken cancellationToken) => hub.ReportAsync(message, cancellationToken);

        public Task BeatAsync(BeatMessage beat, CancellationToken cancellationToken) => hub.BeatAsync(beat, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
