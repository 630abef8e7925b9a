using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/retry</summary>
internal static class RetryTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{id}/retry", HandleAsync)
        .WithName("RetryTask")
        .WithSummary("Give a dead task a new round")
        .WithDescription("Same id; attempt numbers go on, failures count from 0.")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.TaskNotDead, ProblemCode.ValidationFailed, ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<TaskResponse>> HandleAsync(
        string id, ReasonRequest? request, TaskLookup lookup, TaskCommands commands, HttpContext context,
        CancellationToken cancellationToken)
    {
        var task = lookup.Parse(id);
        var command = new RetryTask { Task = task, Reason = request?.Check(), By = context.User.Identity?.Name };
        var changed = await commands.ChangeAsync(task, command, cancellationToken);
        return TypedResults.Ok(await lookup.ReadAsync(changed, cancellationToken));
    }
}
