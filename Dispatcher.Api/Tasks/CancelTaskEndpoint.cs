using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/cancel</summary>
internal static class CancelTaskEndpoint
{
    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapPost("/{id}/cancel", HandleAsync)
        .WithName("CancelTask")
        .WithSummary("Cancel a task")
        .WithDescription("200: it is canceled. 202: a worker has it and is told; if it succeeds first, it succeeded.")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.TaskFinished, ProblemCode.ValidationFailed, ProblemCode.SchedulerUnavailable);

    private static async Task<Results<Ok<TaskResponse>, Accepted<TaskResponse>>> HandleAsync(
        string id, ReasonRequest? request, TaskLookup lookup, TaskCommands commands, HttpContext context,
        CancellationToken cancellationToken)
    {
        var task = lookup.Parse(id);
        var command = new CancelTask { Task = task, Reason = request?.Check(), By = context.User.Identity?.Name };
        var changed = await commands.ChangeAsync(task, command, cancellationToken);
        var response = await lookup.ReadAsync(changed, cancellationToken);
        return changed.State == TaskState.Canceled
            ? TypedResults.Ok(response)
            : TypedResults.Accepted($"/v1/tasks/{task}", response);
    }
}
