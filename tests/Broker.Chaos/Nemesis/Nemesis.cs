using System.Collections.Concurrent;

namespace Broker.Chaos;

/// <summary>Does the planned faults, each when its time comes, many side by side.</summary>
internal sealed class Nemesis(FaultContext context)
{
    private readonly Dictionary<FaultCategory, SemaphoreSlim> _rooms = new()
    {
        [FaultCategory.Worker] = new(8),
        // One of three must be left to lead.
        [FaultCategory.Scheduler] = new(2),
        [FaultCategory.Api] = new(2),
        [FaultCategory.RabbitMq] = new(1),
        [FaultCategory.Postgres] = new(1),
    };

    private readonly ConcurrentQueue<FaultRun> _done = new();

    /// <summary>Those that are over.</summary>
    public IReadOnlyCollection<FaultRun> Done => _done;

    public Task RunAsync(CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        return Task.WhenAll(FaultPlan.Of(context.Plan).Select(fault => RunAsync(fault, start, cancellationToken)));
    }

    private async Task RunAsync(PlannedFault planned, long start, CancellationToken cancellationToken)
    {
        var wait = planned.At - TimeProvider.System.GetElapsedTime(start);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, TimeProvider.System, cancellationToken);

        var room = _rooms[planned.Category];
        await room.WaitAsync(cancellationToken);
        var run = new FaultRun(context, planned.Category, planned.Kind, planned.Seed);
        try
        {
            await planned.RunAsync(run);
        }
        catch (Exception exception)
        {
            // Whatever went wrong with a fault, the others go on, and this one makes the run invalid.
            if (!run.WasBegun) run.Begin("nobody");
            run.Bite(false, $"{exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            context.UnderWay.Remove(run);
            _done.Enqueue(run);
            room.Release();
        }
    }
}
