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
            // Payloads only of those that have finished: most of the ids are asked for again and again.
            var views = await reads.GetTasksAsync(ids, withPayload: false, cancellationToken);
            var finished = views.Where(view => TaskState.IsFinished(view.Task.State)).Select(view => view.Task.Id).ToList();
            var left = timeout - timeProvider.GetElapsedTime(started);
            if (finished.Count > 0) return await reads.GetTasksAsync(finished, withPayload: true, cancellationToken);
            if (left <= TimeSpan.Zero) return [];

            // A scheduler that answers early must not make us turn without end.
            if (round > 0) await Task.Delay(Pause, timeProvider, cancellationToken);
            await WaitOnceAsync(ids, left, cancellationToken);
        }
    }

    /// <summary>The task as it is once it has finished or the time is over; null if it is not recorded yet.</summary>
    public async Task<TaskView?> WaitForAsync(Guid id, TimeSpan timeout, CancellationToken cancellationToken) =>
        await WaitAsync([id], timeout, cancellationToken) is [var finished, ..]
            ? finished : await reads.GetTaskAsync(id, cancellationToken);

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
