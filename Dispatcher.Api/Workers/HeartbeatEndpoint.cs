using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>A sign of life of an HTTP worker.</summary>
internal sealed record HeartbeatRequest
{
    /// <summary>As registration answered it. Required.</summary>
    public string? Session { get; init; }

    /// <summary>Attempts it holds, at most 1,000; left out if it does not say.</summary>
    public IReadOnlyList<HeldAttempt>? Attempts { get; init; }
}

/// <param name="BeatInterval">Time until the next beat, as <c>10s</c>.</param>
/// <param name="Cancel">Attempts to stop.</param>
/// <param name="Drain">Whether to finish what it has and stop.</param>
internal sealed record HeartbeatResponse(string BeatInterval, IReadOnlyList<CanceledAttempt> Cancel, bool Drain);

/// <summary>PUT /v1/workers/{id}/heartbeat</summary>
internal static class HeartbeatEndpoint
{
    private const int SessionLength = 64;

    public static void Map(IEndpointRouteBuilder workers) => workers.MapPut("/{id}/heartbeat", HandleAsync)
        .WithName("BeatWorker")
        .WithSummary("Tell that an HTTP worker lives and what it holds")
        .WithDescription("The answer carries the next interval, attempts to stop, and whether to drain.")
        .MayRefuse(ProblemCode.UnknownWorker, ProblemCode.StaleSession, ProblemCode.ValidationFailed, ProblemCode.SchedulerUnavailable);

    private static async Task<Ok<HeartbeatResponse>> HandleAsync(
        string id, HeartbeatRequest request, WorkerBeats beats, CancellationToken cancellationToken)
    {
        if (!Names.IsValid(id)) throw WorkerLookup.Unknown(id);

        var errors = new FieldErrors();
        var session = errors.Text(request.Session, "#/session", SessionLength);
        errors.Range(request.Attempts?.Count ?? 0, "#/attempts", 0, Limits.Slots);
        if (request.Attempts?.Any(attempt => attempt is null) is true) errors.Add("#/attempts", "Must not contain null.");
        errors.ThrowIfAny();

        var answer = await beats.BeatAsync(
            new WorkerBeat { Worker = id, Session = session, Attempts = request.Attempts }, cancellationToken);
        return TypedResults.Ok(new HeartbeatResponse(
            Durations.Format(answer.BeatInterval), answer.Cancel ?? [], answer.Drain));
    }
}
