using Broker.Contracts;

namespace Broker.Agent;

/// <summary>How a worker reaches Broker. One instance may serve many workers of a process.</summary>
/// <remarks>Nothing here retries; the caller waits and tries again, and limits the time of every call.</remarks>
internal interface IBrokerConnection
{
    /// <summary>Starts a session.</summary>
    /// <exception cref="RegistrationRefusedException">It will never be accepted as it is.</exception>
    Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken);

    /// <summary>Begins to receive what the session is sent.</summary>
    /// <exception cref="SessionEndedException">The worker has to register again.</exception>
    Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken);
}
