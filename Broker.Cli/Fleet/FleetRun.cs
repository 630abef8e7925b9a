using Broker.Agent;
using Microsoft.Extensions.Logging;

namespace Broker.Cli;

/// <summary>Many workers in one process. They share handlers, HTTP client and connections; each has its own id, session and queue.</summary>
internal sealed class FleetRun(
    IBrokerConnection connection, HandlerSet handlers, FleetTally tally, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Workers on their way at once: thousands together would only turn each other away.</summary>
    private const int ArrivingLimit = 64;

    /// <summary>Returns when every worker has stopped; true if all did because they were asked to.</summary>
    public async Task<bool> RunAsync(IEnumerable<AgentSettings> workers, CancellationToken stopping)
    {
        using var arriving = new SemaphoreSlim(ArrivingLimit);
        var runs = new List<Task<AgentExit>>();
        try
        {
            foreach (var worker in workers)
            {
                await arriving.WaitAsync(stopping);
                runs.Add(RunOneAsync(worker, arriving, stopping));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Those that have not started need no stopping.
        }
        var exits = await Task.WhenAll(runs);
        return exits.All(exit => exit == AgentExit.Stopped);
    }

    private async Task<AgentExit> RunOneAsync(AgentSettings settings, SemaphoreSlim arriving, CancellationToken stopping)
    {
        var hasArrived = 0;
        void Arrive()
        {
            if (Interlocked.Exchange(ref hasArrived, 1) == 0) arriving.Release();
        }
        try
        {
            var worker = new AgentWorker(
                new FleetConnection(connection, tally, Arrive), handlers, settings, timeProvider, Random.Shared, logger);
            return await worker.RunAsync(stopping);
        }
        finally
        {
            // One that ended on its way must not keep the place.
            Arrive();
        }
    }
}
