using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>POST /v1/tasks/{id}/attempts/{attempt}/start</summary>
internal static class StartAttemptEndpoint
{
    public static void Map(IEndpointRouteBuilder attempts) => attempts.MapPost("/start", HandleAsync)
        .WithName("StartAttempt")
        .WithSummary("A worker begins an attempt")
        .MayRefuse(ProblemCode.UnknownTask, ProblemCode.StaleAttempt, ProblemCode.Canceled, ProblemCode.ValidationFailed,
            ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<AttemptResponse>> HandleAsync(
        string id, int attempt, StartAttemptRequest request, TaskLookup lookup, AttemptReports reports,
        CancellationToken cancellationToken)
    {
        var report = AttemptRules.Started(lookup.Parse(id), attempt, request);
        return TypedResults.Ok(await reports.ReportAsync(WireKind.Started, report, cancellationToken));
    }
}
