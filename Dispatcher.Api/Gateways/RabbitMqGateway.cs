using Broker.Contracts;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>The scheduler behind RabbitMQ: tasks are published and confirmed, commands are requests with replies.</summary>
internal sealed partial class RabbitMqGateway(
    IBusControl bus, IClientFactory clients, IOptions<ApiOptions> options, TimeProvider timeProvider,
    ILogger<RabbitMqGateway> logger) : ISchedulerGateway, IDisposable
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long a failed submission counts as trouble. Only another submission can tell that it is over.</summary>
    private static readonly TimeSpan TroubleTime = TimeSpan.FromSeconds(10);

    private readonly QueueNames names = new(options.Value.QueuePrefix);

    /// <summary>RabbitMQ's client does not bound unconfirmed messages itself. Each is up to 1 MiB.</summary>
    private readonly SemaphoreSlim unconfirmed = new(64);

    private volatile Fault? fault;

    public string? Trouble
    {
        get
        {
            if (fault is { } last && timeProvider.GetElapsedTime(last.Since) < TroubleTime) return last.Detail;
            return bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy } health ? $"RabbitMQ: {health.Description}" : null;
        }
    }

    public async Task SubmitAsync(TaskSubmitted submission, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(PublishTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await unconfirmed.WaitAsync(either.Token);
            // Not every step of MassTransit looks at the token: a declaration does not.
            await PublishAsync(submission, either.Token).WaitAsync(either.Token);
            fault = null;
        }
        catch (MessageReturnedException exception)
        {
            throw Note(new(ProblemCode.SchedulerUnavailable,
                $"No scheduler has ever started: queue {names.Submissions} is missing.", exception));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Note(new(ProblemCode.NotConfirmed,
                "RabbitMQ did not confirm the tasks in time; they may still run. Try again, best with an Idempotency-Key.", exception));
        }
    }

    public async Task<TReply> AskAsync<TCommand, TReply>(
        TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : class
        where TReply : class
    {
        // The client's own timeout starts when the request is sent, which an outage puts off without end.
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var client = clients.CreateRequestClient<TCommand>(new Uri($"exchange:{names.Commands}"), timeout);
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

    private async Task PublishAsync(TaskSubmitted submission, CancellationToken cancellationToken)
    {
        try
        {
            await bus.Publish(submission, context => context.Mandatory = true, cancellationToken);
        }
        finally
        {
            unconfirmed.Release();
        }
    }

    public void Dispose() => unconfirmed.Dispose();

    /// <summary>Without it a command to a missing queue would vanish, and its timeout tell nothing.</summary>
    private static void MakeMandatory(SendContext context)
    {
        if (context.TryGetPayload(out RabbitMqSendContext? rabbit)) rabbit.Mandatory = true;
    }

    private SchedulerUnavailableException Note(SchedulerUnavailableException exception)
    {
        // One line per outage, not per message.
        if (fault is null) Log.NotSubmitted(logger, exception.Message, exception.InnerException!);
        fault = new Fault(timeProvider.GetTimestamp(), exception.Message);
        return exception;
    }

    private sealed record Fault(long Since, string Detail);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1020, Level = LogLevel.Warning, Message = "Tasks could not be handed over. {Detail}")]
        public static partial void NotSubmitted(ILogger logger, string detail, Exception exception);
    }
}
