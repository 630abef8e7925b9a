using System.Threading.RateLimiting;
using Broker.Contracts;
using Microsoft.AspNetCore.RateLimiting;

namespace Broker.Api;

/// <summary>Bounds how many requests are worked on at once; more get 503 with Retry-After instead of a long queue.</summary>
internal static class OverloadLimit
{
    /// <summary>A batch may hold 16 MiB, anything else 1 MiB. Each kind has room of its own: a flood of tasks shuts out no operator.</summary>
    private static readonly Dictionary<RequestKind, ConcurrencyLimiterOptions> Limits = new()
    {
        [RequestKind.Task] = new() { PermitLimit = 1_000 },
        [RequestKind.Batch] = new() { PermitLimit = 64 },
        [RequestKind.Wait] = new() { PermitLimit = 10_000 },
        [RequestKind.Other] = new() { PermitLimit = 1_000 },
    };

    public static void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, RequestKind>(
            context => RateLimitPartition.GetConcurrencyLimiter(KindOf(context.Request), kind => Limits[kind]));
        options.OnRejected = (rejected, _) => new ValueTask(rejected.HttpContext.RequestServices.GetRequiredService<ProblemWriter>()
            .WriteAsync(rejected.HttpContext, new Problem(ProblemCode.Overloaded, "Too many requests at once; try again.")));
    }

    private static RequestKind KindOf(HttpRequest request)
    {
        var path = request.Path.Value?.TrimEnd('/');
        if (request.Query.ContainsKey("wait") || path is "/v1/tasks/wait") return RequestKind.Wait;
        return !HttpMethods.IsPost(request.Method) ? RequestKind.Other
            : path is "/v1/tasks" ? RequestKind.Task
            : path is "/v1/tasks/batch" ? RequestKind.Batch
            : RequestKind.Other;
    }

    private enum RequestKind
    {
        /// <summary>Hands in a task.</summary>
        Task,

        /// <summary>Hands in many.</summary>
        Batch,

        /// <summary>Only waits, mostly.</summary>
        Wait,

        Other,
    }
}
