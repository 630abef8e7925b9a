using System.Threading.RateLimiting;
using Broker.Contracts;
using Microsoft.AspNetCore.RateLimiting;

namespace Broker.Api;

/// <summary>Bounds how many requests are worked on at once; more get 503 with Retry-After instead of a long queue.</summary>
internal static class OverloadLimit
{
    /// <summary>Requests that work. Each may hold up to 1 MiB, a batch 16 MiB.</summary>
    private const int WorkingLimit = 1_000;

    /// <summary>Requests that only wait for tasks to finish.</summary>
    private const int WaitingLimit = 10_000;

    public static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, bool>(
            context => RateLimitPartition.GetConcurrencyLimiter(IsWaiting(context.Request), isWaiting => new ConcurrencyLimiterOptions { PermitLimit = isWaiting ? WaitingLimit : WorkingLimit }));
        options.OnRejected = (rejected, _) => new ValueTask(rejected.HttpContext.RequestServices.GetRequiredService<ProblemWriter>()
            .WriteAsync(rejected.HttpContext, new Problem(ProblemCode.Overloaded, "Too many requests at once; try again.")));
    }

    private static bool IsWaiting(HttpRequest request) =>
        request.Query.ContainsKey("wait") || request.Path.Value?.EndsWith("/tasks/wait", StringComparison.Ordinal) is true;
}
