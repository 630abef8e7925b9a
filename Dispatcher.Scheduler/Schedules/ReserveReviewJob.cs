using Quartz;

namespace Broker.Scheduler;

/// <summary>Puts the wish for a review into the leader's inbox; the turn decides which pools are due.</summary>
internal sealed class ReserveReviewJob(LeaderInbox leader) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        leader.Current?.Post(new ReserveReviewInput());
        return ValueTask.CompletedTask;
    }
}
