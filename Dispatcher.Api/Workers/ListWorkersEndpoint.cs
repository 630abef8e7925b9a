using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/workers</summary>
internal static class ListWorkersEndpoint
{
    public static void Map(IEndpointRouteBuilder workers) => workers.MapGet("/", HandleAsync)
        .WithName("ListWorkers")
        .WithSummary("List workers by id")
        .WithDescription("Load, running tasks and last beat come from the leader and are left out while it does not answer.")
        .MayRefuse(ProblemCode.MalformedRequest, ProblemCode.ValidationFailed, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<WorkerResponse>>> HandleAsync(
        string? pool, string? liveness, string? role, string? admission, string? cursor, int? limit,
        IBrokerReads reads, WorkerLookup lookup, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        if (pool is not null && !Names.IsValid(pool)) errors.AddParameter("pool", "Is no name of a pool.");
        CheckOneOf(errors, "liveness", liveness, Liveness.Online, Liveness.Suspect, Liveness.Lost, Liveness.Offline);
        CheckOneOf(errors, "role", role, WorkerRole.Active, WorkerRole.Reserve);
        CheckOneOf(errors, "admission", admission,
            Admission.Open, Admission.Cordoned, Admission.Draining, Admission.Drained, Admission.Quarantined);
        var filter = new WorkerFilter
        {
            Pool = pool,
            Liveness = liveness,
            Role = role,
            Admission = admission,
            After = Cursor.ReadName(cursor),
            Limit = PageLimit.Check(limit, errors),
        };
        errors.ThrowIfAny();

        var records = await reads.ListWorkersAsync(filter, cancellationToken);
        var next = records.Count == filter.Limit ? Cursor.Write(records[^1].Id) : null;
        return TypedResults.Ok(new ItemsResponse<WorkerResponse>(
            await lookup.DescribeAsync(records, cancellationToken), next, timeProvider.GetUtcNow()));
    }

    private static void CheckOneOf(FieldErrors errors, string name, string? value, params string[] choices)
    {
        if (value is not null && !choices.Contains(value)) errors.AddParameter(name, $"Must be one of {string.Join(", ", choices)}.");
    }
}
