using Broker.Api;
using Broker.Contracts;
using Broker.Scheduler;

namespace Broker.Cli;

/// <summary>The API's way to the scheduler of the same process.</summary>
internal sealed class InProcessGateway(InProcessHub hub, TimeProvider time) : ISchedulerGateway
{
    private static readonly TimeSpan SubmitTimeout = TimeSpan.FromSeconds(5);

    public string? Trouble => hub.IsAttached ? null : "The scheduler is starting.";

    public async Task SubmitAsync(TaskSubmitted submission, CancellationToken cancellationToken)
    {
        try
        {
            await hub.SubmitAsync(submission, cancellationToken).WaitAsync(SubmitTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw new SchedulerUnavailableException(ProblemCode.NotConfirmed,
                "The tasks were not recorded in time; they may still run. Try again, best with an Idempotency-Key.", exception);
        }
    }

    public async Task<TReply> AskAsync<TCommand, TReply>(TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : class
        where TReply : class
    {
        try
        {
            return await hub.AskAsync(command, cancellationToken).WaitAsync(timeout, time, cancellationToken) switch
            {
                CommandRefused refused => throw new CommandRefusedException(refused.Code, refused.Detail),
                var reply => (TReply)reply,
            };
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw new SchedulerUnavailableException(
                ProblemCode.SchedulerUnavailable, "The scheduler did not answer in time; try again.", exception);
        }
    }

    /// <summary>Given back, too late, or between two leaderships.</summary>
    private static bool IsUnavailable(Exception exception) =>
        exception is AbandonedException or TimeoutException or System.Threading.Channels.ChannelClosedException;
}
