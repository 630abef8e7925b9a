using Hangfire;

namespace Broker.Bench.Peers;

internal sealed class HangfireServer(BackgroundJobServer server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
        server.Dispose();
    }
}
