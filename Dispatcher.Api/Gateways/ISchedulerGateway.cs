using Broker.Contracts;

namespace Broker.Api;

/// <summary>The way from the API to the scheduler: over RabbitMQ, or inside the process.</summary>
public interface ISchedulerGateway
{
    /// <summary>Null while submitting works as far as is known, else a sentence that says what is missing.</summary>
    string? Trouble { get; }

    /// <summary>Completes when the submission is safe. Bounded in time by the implementation: 5 s.</summary>
    /// <exception cref="SchedulerUnavailableException">It is not known to be safe; the tasks may still run.</exception>
    Task SubmitAsync(TaskSubmitted submission, CancellationToken cancellationToken);

    /// <summary>Completes with the reply, which the scheduler gives after its commit.</summary>
    /// <exception cref="CommandRefusedException">The scheduler won't; nothing changed.</exception>
    /// <exception cref="SchedulerUnavailableException">No answer; the command may still be carried out.</exception>
    Task<TReply> AskAsync<TCommand, TReply>(TCommand command, TimeSpan timeout, CancellationToken cancellationToken)
        where TCommand : class
        where TReply : class;
}
