using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/stats</summary>
internal static class StatsEndpoint
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/stats", HandleAsync)
        .WithTags("Stats")
        .WithName("GetStats")
        .WithSummary("Counts, rates, times and slots, as the leader last wrote them")
        .MayRefuse(ProblemCode.SchedulerUnavailable, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<JsonObject>> HandleAsync(
        IBrokerReads reads, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (await reads.GetStatsAsync(cancellationToken) is not { } json || JsonNode.Parse(json) is not JsonObject stats)
            throw new SchedulerUnavailableException(
                ProblemCode.SchedulerUnavailable, "There are no statistics yet: no scheduler has led so far.");

        // The leader's own moment wins: during an outage it says how old the numbers are.
        stats.TryAdd("asOf", JsonSerializer.SerializeToNode(timeProvider.GetUtcNow()));
        return TypedResults.Ok(stats);
    }
}
