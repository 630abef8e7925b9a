using Broker.Storage;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Broker.Scheduler;

/// <summary>Makes room in the database for the coming days and lets go of what is past its retention.</summary>
[DisallowConcurrentExecution]
internal sealed partial class UpkeepJob(LeaderInbox leader, IPartitionUpkeep upkeep, TimeProvider time, ILogger<UpkeepJob> logger) : IJob
{
    private const int DaysAhead = 3;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (leader.Current is null) return;

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        try
        {
            await upkeep.EnsureAsync(today, DaysAhead, cancellationToken);
            await upkeep.DropOldAsync(today, new Retention(), cancellationToken);
        }
        catch (StoreUnavailableException unavailable)
        {
            Log.PutOff(logger, unavailable.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "The upkeep of the database waits for the next hour. {Reason}")]
        public static partial void PutOff(ILogger logger, string reason);
    }
}
