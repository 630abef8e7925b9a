using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Broker.Api;

/// <summary>Answers every error with problem details: exceptions, and bare statuses of the framework.</summary>
internal sealed partial class ProblemWriter(IOptions<JsonOptions> json, ILogger<ProblemWriter> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested) return true;

        var problem = ProblemMap.Of(exception);
        if (problem is null) Log.Unexpected(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        await WriteAsync(httpContext, problem ?? ProblemMap.Of(500, httpContext.Request));
        return true;
    }

    public Task WriteAsync(HttpContext context, Problem problem)
    {
        var body = ProblemBody.Of(problem, Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        context.Response.StatusCode = body.Status;
        if (body.Status == 503) context.Response.Headers.RetryAfter = "1";
        // Without a token of ours: then it is no failure that the client has gone.
        return context.Response.WriteAsJsonAsync(body, json.Value.SerializerOptions, ProblemBody.ContentType, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string method, string path);
    }
}
