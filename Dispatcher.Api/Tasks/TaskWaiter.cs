using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>Waits for tasks to finish. A takeover or an outage of the scheduler only delays the answer.</summary>
internal sealed class TaskWaiter(ISchedulerGateway gateway, IBrokerReads reads, TimeProvider timeProvider)
{
    /// <summary>A leader that dies takes its waiters along, so none waits longer with one.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Those that have finished, as soon as there is one; empty when the time is over.</summary>
    public async Task<IReadOnlyList<TaskView>> WaitAsync(
        IReadOnlyList<Guid> ids, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        for (var round = 0; ; round++)
        {
            var views = await reads.GetTasksAsync(ids, withPayload: true, cancellationToken);
            var finished = views.Where(view => TaskState.IsFinished(view.Task.State)).ToList();
            var left = timeout - timeProvider.GetElapsedTime(started);
            if (finished.Count > 0 || left <= TimeSpan.Zero) return finished;

            // A scheduler that answers early must not make us turn without end.
            if (round > 0) await Task.Delay(Pause, timeProvider, cancellationToken);
            await WaitOnceAsync(ids, left, cancellationToken);
        }
    }

    private async Task WaitOnceAsync(IReadOnlyList<Guid> ids, TimeSpan left, CancellationToken cancellationToken)
    {
        var slice = left < Slice ? left : Slice;
        try
        {
            await gateway.AskAsync<WaitTasks, TasksFinished>(
                new WaitTasks { Tasks = ids, Timeout = slice }, slice + CommandTimeout.Grace, cancellationToken);
        }
        catch (SchedulerUnavailableException)
        {
            // The next round asks again.
        }
    }
}
