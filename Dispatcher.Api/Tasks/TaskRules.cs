using Broker.Contracts;

namespace Broker.Api;

/// <summary>The rules a submitted task must keep. Pure.</summary>
internal static class TaskRules
{
    public const string DefaultPool = "default";

    /// <summary>The task without an id, or what is wrong with the request.</summary>
    public static (SubmittedTask? Task, Problem? Problem) Check(SubmitTaskRequest request)
    {
        var errors = new FieldErrors();
        var task = new SubmittedTask
        {
            Id = Guid.Empty,
            Type = errors.Text(request.Type, "#/type", Limits.TypeLength),
            Priority = errors.Range(request.Priority ?? Limits.DefaultPriority, "#/priority", 0, Limits.HighestPriority),
            Pool = errors.Name(request.Pool ?? DefaultPool, "#/pool"),
            Requires = errors.Labels(request.Requires, "#/requires"),
            Cost = errors.Range(request.Cost ?? 1, "#/cost", 1, Limits.Slots),
            Timeout = errors.Duration(request.Timeout, "#/timeout", Limits.ShortestTimeout, Limits.LongestTimeout),
            MaxAttempts = request.MaxAttempts is { } limit ? errors.Range(limit, "#/maxAttempts", 1, Limits.MaxAttempts) : null,
            Payload = errors.Json(request.Payload, "#/payload"),
        };
        if (request is SubmitBatchItem { IdempotencyKey: { } key }) errors.Text(key, "#/idempotencyKey", Limits.KeyLength);

        return errors.ToProblem() is { } problem ? (null, problem) : (task, null);
    }
}
