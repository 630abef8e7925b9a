using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/pools</summary>
internal static class ListPoolsEndpoint
{
    public static void Map(IEndpointRouteBuilder pools) => pools.MapGet("/", HandleAsync)
        .WithName("ListPools")
        .WithSummary("List all pools")
        .MayRefuse(ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<PoolResponse>>> HandleAsync(
        IBrokerReads reads, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var pools = await reads.ListPoolsAsync(cancellationToken);
        return TypedResults.Ok(new ItemsResponse<PoolResponse>(
            [.. pools.Select(PoolResponse.Of)], null, timeProvider.GetUtcNow()));
    }
}
