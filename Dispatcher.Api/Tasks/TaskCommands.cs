using Broker.Contracts;

namespace Broker.Api;

/// <summary>Commands about a task that may have been accepted a moment ago.</summary>
internal sealed class TaskCommands(ISchedulerGateway gateway, TimeProvider timeProvider)
{
    /// <summary>Commands overtake submissions, so an id of ours may not be recorded yet. This long we ask again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A task issued longer ago than this and unknown is gone, not late.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public async Task<TaskChanged> ChangeAsync<TCommand>(Guid id, TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var started = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                return await gateway.AskAsync<TCommand, TaskChanged>(command, CommandTimeout.Default, cancellationToken);
            }
            catch (CommandRefusedException refused) when (refused.Code == ProblemCode.UnknownTask && MayBeLate(id))
            {
                if (timeProvider.GetElapsedTime(started) > Patience) throw NotRecordedYet();
            }
            await Task.Delay(Pause, timeProvider, cancellationToken);
        }
    }

    private bool MayBeLate(Guid id) => TaskId.TimeOf(id) is not { } time || timeProvider.GetUtcNow() - time < Fresh;

    private static SchedulerUnavailableException NotRecordedYet() => new(
        ProblemCode.SchedulerUnavailable, "The scheduler has not recorded the task yet; try again.");
}
