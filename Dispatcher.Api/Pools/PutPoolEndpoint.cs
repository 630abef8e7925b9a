using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>PUT /v1/pools/{name}</summary>
internal static class PutPoolEndpoint
{
    public static void Map(IEndpointRouteBuilder pools) => pools.MapPut("/{name}", HandleAsync)
        .WithName("PutPool")
        .WithSummary("Make a pool, or replace all its settings")
        .MayRefuse(ProblemCode.ValidationFailed, ProblemCode.SchedulerUnavailable);

    private static async Task<Results<Ok<PoolResponse>, Created<PoolResponse>>> HandleAsync(
        string name, PoolRequest request, ISchedulerGateway gateway, HttpContext context, CancellationToken cancellationToken)
    {
        var pool = PoolRules.Check(name, request);
        var changed = await gateway.AskAsync<PutPool, PoolChanged>(
            new PutPool { Pool = pool, By = context.User.Identity?.Name }, CommandTimeout.Default, cancellationToken);
        var response = PoolResponse.Of(pool);
        return changed.Created ? TypedResults.Created($"/v1/pools/{name}", response) : TypedResults.Ok(response);
    }
}
