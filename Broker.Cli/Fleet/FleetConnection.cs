using Broker.Agent;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>One worker's way to Broker over what all share, which tells when it is connected.</summary>
/// <param name="arrived">Told once, when it is connected for the first time.</param>
internal sealed class FleetConnection(IBrokerConnection shared, FleetTally tally, Action arrived) : IBrokerConnection
{
    public Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        shared.RegisterAsync(registration, cancellationToken);

    public async Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken)
    {
        var link = await shared.ConnectAsync(session, cancellationToken);
        tally.Connect();
        arrived();
        return new CountedLink(link, tally);
    }
}
