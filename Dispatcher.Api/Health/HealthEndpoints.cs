using Broker.Storage;

namespace Broker.Api;

/// <summary>/health/live and /health/ready</summary>
internal static class HealthEndpoints
{
    private const string Ok = "ok";

    public static void Map(IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Text("live")).WithName("GetLive").WithSummary("Whether the process answers");
        health.MapGet("/ready", HandleAsync)
            .WithName("GetReady")
            .WithSummary("Whether tasks can be handed in, and which dependency is missing")
            .WithDescription("200 `ready` or `degraded`; 503 only if submitting can't work.")
            .Produces<ReadyResponse>().Produces<ReadyResponse>(503);
    }

    private static async Task<IResult> HandleAsync(
        ISchedulerGateway gateway, IBrokerReads reads, CancellationToken cancellationToken)
    {
        var submissions = gateway.Trouble;
        var (database, leader) = await CheckAsync(reads, cancellationToken);
        var status = submissions is not null ? "unavailable" : database == Ok && leader == Ok ? "ready" : "degraded";
        return TypedResults.Json(new ReadyResponse(status, submissions ?? Ok, database, leader),
            statusCode: submissions is null ? 200 : 503);
    }

    private static async Task<(string Database, string Leader)> CheckAsync(
        IBrokerReads reads, CancellationToken cancellationToken)
    {
        try
        {
            return (Ok, await reads.GetLeaderAsync(cancellationToken) switch
            {
                null => "No scheduler has ever led; start one.",
                { Released: true } => "The last leader has stopped; a standby takes over or a scheduler has to be started.",
                { } leader when leader.Age > leader.Lease =>
                    $"The leader {leader.Holder} has been silent for {leader.Age.TotalSeconds:F0} s.",
                _ => Ok,
            });
        }
        catch (StoreUnavailableException)
        {
            return ("It can't be reached.", "Unknown without the database.");
        }
    }
}
