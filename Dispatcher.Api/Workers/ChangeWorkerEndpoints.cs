using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>What a person does with a worker, and why.</summary>
internal sealed record WorkerActionRequest
{
    /// <summary>Recorded and shown; at most 1,024 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>For drain: after this time running attempts are released, as <c>5m</c>; left out to let them finish.</summary>
    public string? Deadline { get; init; }
}

/// <summary>POST /v1/workers/{id}/cordon, uncordon, drain, activate, deactivate: one command with five actions.</summary>
internal static class ChangeWorkerEndpoints
{
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(7);

    public static void Map(IEndpointRouteBuilder workers)
    {
        Map(workers, WorkerAction.Cordon, "CordonWorker", "Give a worker nothing new");
        Map(workers, WorkerAction.Uncordon, "UncordonWorker", "Let a worker get tasks again");
        Map(workers, WorkerAction.Drain, "DrainWorker", "Give a worker nothing new and let it finish or give back what it has");
        Map(workers, WorkerAction.Activate, "ActivateWorker", "Use a reserve worker until it is deactivated", ProblemCode.WorkerNotReserve);
        Map(workers, WorkerAction.Deactivate, "DeactivateWorker", "Put a reserve worker back", ProblemCode.WorkerNotReserve);
    }

    private static void Map(
        IEndpointRouteBuilder workers, string action, string name, string summary, params string[] codes) =>
        workers.MapPost($"/{{id}}/{action}", (
                string id, WorkerActionRequest? request, WorkerLookup lookup, ISchedulerGateway gateway, HttpContext context,
                CancellationToken cancellationToken) =>
                HandleAsync(id, action, request ?? new(), lookup, gateway, context, cancellationToken))
            .WithName(name)
            .WithSummary(summary)
            .MayRefuse([ProblemCode.UnknownWorker, ProblemCode.ValidationFailed, ProblemCode.SchedulerUnavailable, .. codes]);

    private static async Task<Ok<WorkerResponse>> HandleAsync(
        string id, string action, WorkerActionRequest request, WorkerLookup lookup, ISchedulerGateway gateway,
        HttpContext context, CancellationToken cancellationToken)
    {
        if (!Names.IsValid(id)) throw WorkerLookup.Unknown(id);

        var errors = new FieldErrors();
        var command = new ChangeWorker
        {
            Worker = id,
            Action = action,
            By = context.User.Identity?.Name,
            Reason = errors.OptionalText(request.Reason, "#/reason", Limits.ReasonLength),
            Deadline = errors.Duration(request.Deadline, "#/deadline", TimeSpan.Zero, LongestDeadline),
        };
        if (request.Deadline is not null && action != WorkerAction.Drain) errors.Add("#/deadline", "Only drain has one.");
        errors.ThrowIfAny();

        await gateway.AskAsync<ChangeWorker, WorkerChanged>(command, CommandTimeout.Default, cancellationToken);
        return TypedResults.Ok(await lookup.ReadAsync(id, cancellationToken));
    }
}
