using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/attempts/{attempt}/fail</summary>
internal static class FailAttemptEndpoint
{
    public static void Map(IEndpointRouteBuilder attempts) => attempts.MapPost("/fail", HandleAsync)
        .WithName("FailAttempt")
        .WithSummary("An attempt failed")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.StaleAttempt, ProblemCode.Canceled, ProblemCode.ValidationFailed,
            ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<AttemptResponse>> HandleAsync(
        string id, int attempt, FailAttemptRequest request, TaskLookup lookup, AttemptReports reports,
        CancellationToken cancellationToken)
    {
        var report = AttemptRules.Failed(lookup.Parse(id), attempt, request);
        return TypedResults.Ok(await reports.ReportAsync(WireKind.Failed, report, cancellationToken));
    }
}
