using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/pools/{name}</summary>
internal static class GetPoolEndpoint
{
    public static void Map(IEndpointRouteBuilder pools) => pools.MapGet("/{name}", HandleAsync)
        .WithName("GetPool")
        .WithSummary("Read a pool")
        .MayRefuse(ProblemCode.NotFound, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<PoolResponse>> HandleAsync(
        string name, IBrokerReads reads, CancellationToken cancellationToken)
    {
        var pool = Names.IsValid(name) ? await reads.GetPoolAsync(name, cancellationToken) : null;
        // Not unknown-pool: that one is 422, a wrong value in a body.
        return pool is null
            ? throw new Problem(ProblemCode.NotFound, "There is no such pool; PUT makes one.").AsException()
            : TypedResults.Ok(PoolResponse.Of(pool));
    }
}
