using Broker.Contracts;
using Broker.Storage;

namespace Broker.Api;

/// <summary>The only place that says which status a code has and which problem an exception is.</summary>
internal static class ProblemMap
{
    /// <summary>Status and title of a code.</summary>
    public static (int Status, string Title) Describe(string code) => code switch
    {
        ProblemCode.MalformedRequest => (400, "The request can't be read"),
        ProblemCode.NotFound => (404, "There is nothing here"),
        ProblemCode.UnknownTask => (404, "Unknown task"),
        ProblemCode.UnknownWorker => (404, "Unknown worker"),
        ProblemCode.MethodNotAllowed => (405, "Method not allowed"),
        ProblemCode.TaskFinished => (409, "The task has finished"),
        ProblemCode.TaskNotDead => (409, "The task is not dead"),
        ProblemCode.StaleAttempt => (409, "The attempt is no longer valid"),
        ProblemCode.StaleSession => (409, "The session is no longer valid"),
        ProblemCode.Canceled => (409, "The task was canceled"),
        ProblemCode.WorkerNotReserve => (409, "The worker is not a reserve worker"),
        ProblemCode.PayloadTooLarge => (413, "Too large"),
        ProblemCode.UnsupportedMediaType => (415, "Unsupported media type"),
        ProblemCode.ValidationFailed => (422, "A rule is broken"),
        ProblemCode.UnknownPool => (422, "Unknown pool"),
        ProblemCode.IdempotencyKeyReused => (422, "The idempotency key was used for another request"),
        ProblemCode.Overloaded => (503, "Overloaded"),
        ProblemCode.NotConfirmed => (503, "Not confirmed"),
        ProblemCode.SchedulerUnavailable => (503, "The scheduler does not answer"),
        ProblemCode.DatabaseUnavailable => (503, "The database does not answer"),
        _ => (500, "Internal error"),
    };

    /// <summary>The problem an exception stands for; null if it is our own mistake.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        ProblemException refused => refused.Problem,
        CommandRefusedException refused => new(refused.Code, refused.Message),
        SchedulerUnavailableException unavailable => new(unavailable.Code, unavailable.Message),
        StoreUnavailableException => new(ProblemCode.DatabaseUnavailable, "The database can't be reached; try again."),
        BadHttpRequestException bad => BadRequests.Explain(bad),
        _ => null,
    };

    /// <summary>The problem a bare status of the framework stands for.</summary>
    public static Problem Of(int status, HttpRequest request) => status switch
    {
        404 => new(ProblemCode.NotFound, $"There is nothing at {request.Path}; see /api/docs."),
        405 => new(ProblemCode.MethodNotAllowed, $"{request.Path} does not answer {request.Method}."),
        413 => new(ProblemCode.PayloadTooLarge, "The request is too large."),
        415 => new(ProblemCode.UnsupportedMediaType, "Send the body as application/json."),
        503 => new(ProblemCode.Overloaded, "Too many requests at once; try again."),
        >= 500 => new(ProblemCode.InternalError, "Something went wrong here; the log has more under the traceId."),
        _ => new(ProblemCode.MalformedRequest, "The request can't be read."),
    };
}
