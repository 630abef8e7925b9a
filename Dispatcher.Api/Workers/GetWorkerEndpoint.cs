using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/workers/{id}</summary>
internal static class GetWorkerEndpoint
{
    public static void Map(IEndpointRouteBuilder workers) => workers.MapGet("/{id}", HandleAsync)
        .WithName("GetWorker")
        .WithSummary("Read a worker")
        .MayRefuse(ProblemCode.UnknownWorker, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<WorkerResponse>> HandleAsync(
        string id, WorkerLookup lookup, CancellationToken cancellationToken) =>
        TypedResults.Ok(await lookup.ReadAsync(id, cancellationToken));
}
