using MassTransit;

namespace Broker.Api;

/// <summary>A bus that stands, until it breaks or is given up.</summary>
internal sealed class BusLink(IBusControl bus, IClientFactory clients)
{
    /// <summary>RabbitMQ's client does not bound unconfirmed messages itself. Each is up to 1 MiB.</summary>
    private const int UnconfirmedLimit = 64;

    private readonly TaskCompletionSource<string> _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IBusControl Bus => bus;

    public IClientFactory Clients => clients;

    /// <summary>Publishes under way, of this bus alone: those of a broken one may hang for ever.</summary>
    public SemaphoreSlim Unconfirmed { get; } = new(UnconfirmedLimit);

    /// <summary>Completes with the reason once somebody has given it up.</summary>
    public Task<string> GivenUp => _givenUp.Task;

    public void GiveUp(string reason) => _givenUp.TrySetResult(reason);
}
