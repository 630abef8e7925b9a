using Broker.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>The scheduler behind RabbitMQ: tasks are published and confirmed, commands are requests with replies.</summary>
/// <remarks>After a submission that was not confirmed only one at a time is tried; the others are refused at once, so that an
/// outage does not make everybody wait.</remarks>
internal sealed partial class RabbitMqGateway(
    BusKeeper keeper, IOptions<ApiOptions> options, TimeProvider timeProvider, ILogger<RabbitMqGateway> logger) : ISchedulerGateway
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a failed submission counts as trouble. Only another submission can tell that it is over.</summary>
    private static readonly TimeSpan TroubleTime = TimeSpan.FromSeconds(10);

    /// <summary>Time without a confirm after which the bus itself is suspected. An alarm may last longer; a new bus does no harm then.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(15);

    private readonly QueueNames names = new(options.Value.QueuePrefix);
    private volatile Fault? fault;
    private int trying;

    public string? Trouble => fault is { } last && timeProvider.GetElapsedTime(last.At) < TroubleTime ? last.Detail : keeper.Trouble;

    public async Task SubmitAsync(TaskSubmitted submission, CancellationToken cancellationToken)
    {
        var link = Link();
        var isTrial = fault is { IsSilence: true };
        if (isTrial && Interlocked.Exchange(ref trying, 1) == 1)
            throw new SchedulerUnavailableException(
                ProblemCode.SchedulerUnavailable, "RabbitMQ confirms nothing just now; nothing was handed over. Try again.");
        try
        {
            await SubmitAsync(link, submission, cancellationToken);
        }
        finally
        {
            if (isTrial) Volatile.Write(ref trying, 0);
        }
    }

    private async Task SubmitAsync(BusLink link, TaskSubmitted submission, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PublishTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await link.Unconfirmed.WaitAsync(either.Token);
            // Not every step of MassTransit looks at the token: a declaration does not.
            await PublishAsync(link, submission, either.Token).WaitAsync(either.Token);
            fault = null;
        }
        catch (MessageReturnedException exception)
        {
            throw Note(link, isSilence: false, new(ProblemCode.SchedulerUnavailable,
                $"Nothing can be handed over: queue {names.Submissions} is missing until a scheduler declares it.", exception));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Note(link, isSilence: true, new(ProblemCode.NotConfirmed,
                "RabbitMQ did not confirm the tasks in time; they may still run. Try again, best with an Idempotency-Key.", exception));
        }
    }

    public async Task<TReply> AskAsync<TCommand, TReply>(
        TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : class
        where TReply : class
    {
        var link = Link();
        // The client's own timeout starts when the request is sent, which an outage puts off without end.
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var client = link.Clients.CreateRequestClient<TCommand>(new Uri($"exchange:{names.Commands}"), timeout);
            var response = await client.GetResponse<TReply, CommandRefused>(
                command, pipe => pipe.UseExecute(MakeMandatory), either.Token, timeout).WaitAsync(either.Token);
            if (response.Is(out Response<CommandRefused>? refused))
                throw new CommandRefusedException(refused!.Message.Code, refused.Message.Detail);
            return (TReply)response.Message;
        }
        catch (CommandRefusedException)
        {
            throw;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SchedulerUnavailableException(
                ProblemCode.SchedulerUnavailable, "The scheduler did not answer in time; try again.", exception);
        }
    }

    private static async Task PublishAsync(BusLink link, TaskSubmitted submission, CancellationToken cancellationToken)
    {
        try
        {
            await link.Bus.Publish(submission, context => context.Mandatory = true, cancellationToken);
        }
        finally
        {
            link.Unconfirmed.Release();
        }
    }

    private BusLink Link() => keeper.Current
        ?? throw new SchedulerUnavailableException(ProblemCode.SchedulerUnavailable, keeper.Trouble ?? "RabbitMQ: connecting.");

    /// <summary>Without it a command to a missing queue would vanish, and its timeout tell nothing.</summary>
    private static void MakeMandatory(SendContext context)
    {
        if (context.TryGetPayload(out RabbitMqSendContext? rabbit)) rabbit.Mandatory = true;
    }

    private SchedulerUnavailableException Note(BusLink link, bool isSilence, SchedulerUnavailableException exception)
    {
        // One line per outage, not per message.
        if (fault is null) Log.NotSubmitted(logger, exception.Message, exception.InnerException!);
        var now = timeProvider.GetTimestamp();
        var since = fault is { IsSilence: true } last && last.Link == link ? last.Since : now;
        fault = new Fault(link, isSilence, since, now, exception.Message);
        if (isSilence && timeProvider.GetElapsedTime(since) > GiveUpAfter) link.GiveUp("Nothing was confirmed for long.");
        return exception;
    }

    /// <param name="IsSilence">RabbitMQ did not answer at all.</param>
    private sealed record Fault(BusLink Link, bool IsSilence, long Since, long At, string Detail);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1020, Level = LogLevel.Warning, Message = "Tasks could not be handed over. {Detail}")]
        public static partial void NotSubmitted(ILogger logger, string detail, Exception exception);
    }
}
