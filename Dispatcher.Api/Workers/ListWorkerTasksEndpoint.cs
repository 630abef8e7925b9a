using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Broker.Api;

/// <summary>An attempt given to an HTTP worker.</summary>
/// <param name="Token">Repeated in every report.</param>
/// <param name="Timeout">Time the attempt may run from its start, as <c>1h</c>.</param>
internal sealed record HttpOfferResponse(
    Guid Task, string Type, int Priority, string Pool, int Attempt, string Token, int Cost, string Timeout, RawJson? Payload);

/// <summary>GET /v1/workers/{id}/tasks</summary>
internal static class ListWorkerTasksEndpoint
{
    public static void Map(IEndpointRouteBuilder workers) => workers.MapGet("/{id}/tasks", HandleAsync)
        .WithName("ListWorkerTasks")
        .WithSummary("Tasks given to an HTTP worker, oldest first")
        .WithDescription("Take one by starting its attempt. With the header Broker-Session an ended session gets 409.")
        .MayRefuse(ProblemCode.UnknownWorker, ProblemCode.StaleSession, ProblemCode.ValidationFailed, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<HttpOfferResponse>>> HandleAsync(
        string id, int? limit, [FromHeader(Name = "Broker-Session")] string? session, WorkerLookup lookup,
        IBrokerReads reads, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var most = PageLimit.Check(limit, errors);
        errors.ThrowIfAny();

        var worker = await lookup.GetAsync(id, cancellationToken);
        if (session is not null && session != worker.Session)
            throw new Problem(ProblemCode.StaleSession, $"This session of worker {id} has ended; register again.").AsException();

        var offers = await reads.ListHttpOffersAsync(id, most, cancellationToken);
        return TypedResults.Ok(new ItemsResponse<HttpOfferResponse>(
            [.. offers.Where(offer => offer.Offer.Session == worker.Session).Select(Describe)], null, timeProvider.GetUtcNow()));
    }

    private static HttpOfferResponse Describe(HttpOfferView view) => new(
        view.Offer.Task, view.Task.Class.Type, view.Task.Priority, view.Task.Class.Pool, view.Offer.Attempt,
        view.Offer.Token.ToString(), view.Task.Class.Cost, Durations.Format(view.Task.Timeout),
        view.Payload is null ? null : new RawJson(view.Payload));
}
