using Broker.Storage;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Broker.Scheduler;

/// <summary>Tells committed events on: at least once, those of a task or worker in commit order, from where the last leader stopped.</summary>
/// <remarks>Runs beside the turns and never holds one up. The cursor is saved after the confirms, so a crash repeats a page.</remarks>
internal sealed partial class EventRelay(
    IEventLog log, IPublishEndpoint bus, PublishedEvents published, TimeProvider time, ILogger<EventRelay> logger)
{
    private const string Name = "domain-events";
    private const int PageRows = 500;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (published == PublishedEvents.None) return;

        long? cursor = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                cursor ??= await log.ReadCursorAsync(Name, cancellationToken);
                var next = await RelayAsync(cursor.Value, cancellationToken);
                if (next > cursor)
                {
                    cursor = next;
                    continue;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The database or RabbitMQ is away; what was told may be told again.
                Log.PutOff(logger, exception.Message);
            }
            await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> RelayAsync(long cursor, CancellationToken cancellationToken)
    {
        var page = await log.ReadAsync(cursor, PageRows, published == PublishedEvents.All, cancellationToken);
        if (page.Last == cursor) return cursor;

        using var limit = new CancellationTokenSource(PublishTimeout, time);
        using var publishing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await Task.WhenAll(DomainEvents.Of(page).GroupBy(item => item.Subject, item => item.Event).Select(events => PublishAsync(events, publishing.Token)))
            .WaitAsync(PublishTimeout, time, cancellationToken);
        await log.SaveCursorAsync(Name, page.Last, cancellationToken);
        return page.Last;
    }

    /// <summary>One after the other: what is published side by side arrives in any order.</summary>
    private async Task PublishAsync(IEnumerable<object> events, CancellationToken cancellationToken)
    {
        foreach (var message in events) await bus.Publish(message, message.GetType(), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2301, Level = LogLevel.Warning, Message = "Events are told on later. {Reason}")]
        public static partial void PutOff(ILogger logger, string reason);
    }
}
