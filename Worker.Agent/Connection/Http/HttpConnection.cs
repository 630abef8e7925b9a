using Broker.Contracts;
using Microsoft.Extensions.Logging;

namespace Broker.Agent;

/// <summary>Registers, polls and reports over HTTP alone, for workers that can't reach RabbitMQ.</summary>
internal sealed class HttpConnection(ApiClient api, TimeProvider timeProvider, ILogger<HttpConnection> logger) : IBrokerConnection
{
    public Task<WorkerRegistered> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        api.RegisterAsync(registration with { Transport = WorkerTransport.Http }, cancellationToken);

    public Task<IWorkerLink> ConnectAsync(WorkerRegistered session, CancellationToken cancellationToken) =>
        Task.FromResult<IWorkerLink>(new HttpLink(session, api, timeProvider, logger));
}
