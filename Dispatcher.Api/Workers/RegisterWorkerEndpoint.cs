using System.Security.Cryptography;
using Broker.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>A worker that starts.</summary>
internal sealed record RegisterWorkerRequest
{
    /// <summary>Global; made up if left out. A worker that comes back keeps its id.</summary>
    public string? Id { get; init; }

    /// <summary><c>default</c> if left out.</summary>
    public string? Pool { get; init; }

    /// <summary>1–1,000; 1 if left out.</summary>
    public int? Slots { get; init; }

    /// <summary>Types it handles; everything if left out.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Facts that tasks may require; at most 16.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary><c>active</c> (default) or <c>reserve</c>.</summary>
    public string? Role { get; init; }

    /// <summary><c>amqp</c> (default) or <c>http</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>Offers it takes in one message, 1–1,000; 1 if left out.</summary>
    public int? MaxBatch { get; init; }

    /// <summary>The program's version, shown to people.</summary>
    public string? Version { get; init; }
}

/// <summary>A session has begun.</summary>
/// <param name="Session">Repeated in every beat and report.</param>
/// <param name="Queue">The queue to consume; null for HTTP.</param>
/// <param name="ReportsQueue">Where reports and inventories go; null for HTTP.</param>
/// <param name="BeatsQueue">Where beats go; null for HTTP.</param>
/// <param name="BeatInterval">Time between beats, as <c>10s</c>.</param>
/// <param name="ReconnectSpread">Time over which to spread the first try to reconnect, as <c>4s</c>; it grows with the fleet.</param>
internal sealed record RegisterWorkerResponse(
    string Id, string Session, string Pool, string? Queue, string? ReportsQueue, string? BeatsQueue, string BeatInterval, string ReconnectSpread);

/// <summary>POST /v1/workers</summary>
internal static class RegisterWorkerEndpoint
{
    private const int VersionLength = 128;

    public static void Map(IEndpointRouteBuilder workers) => workers.MapPost("/", HandleAsync)
        .WithName("RegisterWorker")
        .WithSummary("Start a session of a worker")
        .WithDescription("Attempts of an earlier session of the same id end at once, at no cost to their tasks.")
        .MayRefuse(ProblemCode.ValidationFailed, ProblemCode.UnknownPool, ProblemCode.SchedulerUnavailable);

    private static async Task<Created<RegisterWorkerResponse>> HandleAsync(
        RegisterWorkerRequest request, ISchedulerGateway gateway, CancellationToken cancellationToken)
    {
        var command = Check(request);
        var reply = await gateway.AskAsync<RegisterWorker, WorkerRegistered>(command, CommandTimeout.Default, cancellationToken);
        return TypedResults.Created($"/v1/workers/{reply.Worker}", new RegisterWorkerResponse(
            reply.Worker, reply.Session, command.Pool, reply.Queue, reply.ReportsQueue, reply.BeatsQueue,
            Durations.Format(reply.BeatInterval), Durations.Format(reply.ReconnectSpread)));
    }

    private static RegisterWorker Check(RegisterWorkerRequest request)
    {
        var errors = new FieldErrors();
        if (request.Types is { Count: 0 or > Limits.WorkerTypeCount })
            errors.Add("#/types", $"Must have 1–{Limits.WorkerTypeCount} types, or be left out for everything.");
        for (var i = 0; i < request.Types?.Count; i++) errors.Text(request.Types[i], $"#/types/{i}", Limits.TypeLength);

        var command = new RegisterWorker
        {
            Worker = errors.Name(request.Id ?? "w-" + RandomNumberGenerator.GetHexString(12, lowercase: true), "#/id"),
            Session = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Pool = errors.Name(request.Pool ?? TaskRules.DefaultPool, "#/pool"),
            Slots = errors.Range(request.Slots ?? 1, "#/slots", 1, Limits.Slots),
            Types = request.Types,
            Labels = errors.Labels(request.Labels, "#/labels"),
            Role = errors.OneOf(request.Role ?? WorkerRole.Active, "#/role", WorkerRole.Active, WorkerRole.Reserve),
            Transport = errors.OneOf(
                request.Transport ?? WorkerTransport.Amqp, "#/transport", WorkerTransport.Amqp, WorkerTransport.Http),
            MaxBatch = errors.Range(request.MaxBatch ?? 1, "#/maxBatch", 1, Limits.MaxBatch),
            Version = errors.OptionalText(request.Version, "#/version", VersionLength),
        };
        errors.ThrowIfAny();
        return command;
    }
}
