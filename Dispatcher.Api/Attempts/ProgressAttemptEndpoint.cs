using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/attempts/{attempt}/progress</summary>
internal static class ProgressAttemptEndpoint
{
    public static void Map(IEndpointRouteBuilder attempts) => attempts.MapPost("/progress", HandleAsync)
        .WithName("ProgressAttempt")
        .WithSummary("A worker tells how far it is")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.StaleAttempt, ProblemCode.Canceled, ProblemCode.ValidationFailed,
            ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<AttemptResponse>> HandleAsync(
        string id, int attempt, ProgressAttemptRequest request, TaskLookup lookup, AttemptReports reports,
        CancellationToken cancellationToken)
    {
        var report = AttemptRules.Progress(lookup.Parse(id), attempt, request);
        return TypedResults.Ok(await reports.ReportAsync(WireKind.Progress, report, cancellationToken));
    }
}
