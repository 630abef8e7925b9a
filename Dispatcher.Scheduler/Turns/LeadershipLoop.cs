using Broker.Storage;
using Microsoft.Extensions.Logging;

namespace Broker.Scheduler;

/// <summary>Stands by until the leadership is free, leads, and stands by again when it is lost.</summary>
internal sealed partial class LeadershipLoop(
    ISchedulerStore store, IInputSource source, Func<Inbox, SchedulerLoop> newLoop, SchedulerOptions options,
    TimeProvider time, ILogger<LeadershipLoop> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var leadership = await store.AcquireAsync(options.Holder, options.Lease, cancellationToken);
                if (leadership is not null) await LeadAsync(leadership, cancellationToken);
                else await Task.Delay(options.StandbyEvery, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (StoreDamagedException)
            {
                // Nothing can be decided any more. Who keeps the database has been told and ends the process.
                return;
            }
            catch (StaleEpochException stale)
            {
                Log.SteppedDown(logger, stale.Message);
            }
            catch (Exception exception)
            {
                // Atop a loop that must survive: whatever it was, memory is discarded and somebody leads anew.
                Log.Failed(logger, exception.Message, exception);
                await Task.Delay(options.StandbyEvery, time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task LeadAsync(Leadership leadership, CancellationToken cancellationToken)
    {
        var clock = new LeaderClock(time, leadership.DatabaseNow);
        var inbox = new Inbox(time);
        await using var attached = await source.AttachAsync(inbox, cancellationToken);
        try
        {
            await newLoop(inbox).LeadAsync(leadership, clock, cancellationToken);
        }
        finally
        {
            // First let go of what is held: the transport waits for it when it stops.
            inbox.Abandon();
            if (cancellationToken.IsCancellationRequested) await store.ReleaseAsync(leadership.Epoch, CancellationToken.None);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2011, Level = LogLevel.Warning, Message = "No longer leading: {Reason}")]
        public static partial void SteppedDown(ILogger logger, string reason);

        [LoggerMessage(EventId = 2012, Level = LogLevel.Error, Message = "The leadership failed and begins anew: {Reason}")]
        public static partial void Failed(ILogger logger, string reason, Exception exception);
    }
}
