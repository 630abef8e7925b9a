using Broker.Agent;

namespace Broker.Cli;

/// <summary>Handlers whose runs are counted.</summary>
internal static class CountedHandlers
{
    /// <param name="types">Which of the handlers to use; null for all.</param>
    public static HandlerSet Of(HandlerSet handlers, IReadOnlyList<string>? types, FleetTally tally) =>
        new((types ?? handlers.Types!).ToDictionary(type => type, type => Count(handlers.Find(type)!, tally)));

    /// <summary>Takes every type; each task takes the same time, and its payload is its result.</summary>
    public static HandlerSet Of(TimeSpan runTime, FleetTally tally, TimeProvider timeProvider) =>
        new(new Dictionary<string, HandleTask>(), Count(async (context, cancellationToken) =>
        {
            await Task.Delay(runTime, timeProvider, cancellationToken);
            return context.Payload;
        }, tally));

    private static HandleTask Count(HandleTask handle, FleetTally tally) => async (context, cancellationToken) =>
    {
        tally.Start();
        var (isDone, isFailed) = (false, false);
        try
        {
            var result = await handle(context, cancellationToken);
            isDone = true;
            return result;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            isFailed = true;
            throw;
        }
        finally
        {
            tally.End(isDone, isFailed);
        }
    };
}
