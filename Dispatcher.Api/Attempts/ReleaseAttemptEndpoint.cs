using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/attempts/{attempt}/release</summary>
internal static class ReleaseAttemptEndpoint
{
    public static void Map(IEndpointRouteBuilder attempts) => attempts.MapPost("/release", HandleAsync)
        .WithName("ReleaseAttempt")
        .WithSummary("A worker gives an attempt back, at no cost to the task")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.StaleAttempt, ProblemCode.Canceled, ProblemCode.ValidationFailed,
            ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<AttemptResponse>> HandleAsync(
        string id, int attempt, ReleaseAttemptRequest request, TaskLookup lookup, AttemptReports reports,
        CancellationToken cancellationToken)
    {
        var report = AttemptRules.Released(lookup.Parse(id), attempt, request);
        return TypedResults.Ok(await reports.ReportAsync(WireKind.Released, report, cancellationToken));
    }
}
