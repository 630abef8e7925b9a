using System.Globalization;
using Broker.Contracts;
using Broker.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Broker.Api;

/// <summary>GET /v1/tasks</summary>
internal static class ListTasksEndpoint
{
    private const int FilterLimit = 100;

    public static void Map(IEndpointRouteBuilder tasks) => tasks.MapGet("/", HandleAsync)
        .WithName("ListTasks")
        .WithSummary("List tasks, active and finished, newest first")
        .WithDescription("Filters may be given several times: `state=queued&state=running`. Times are RFC 3339. "
            + "Payloads and results are left out. A page may be short and still have a nextCursor.")
        .MayRefuse(ProblemCode.MalformedRequest, ProblemCode.ValidationFailed, ProblemCode.DatabaseUnavailable);

    private static async Task<Ok<ItemsResponse<TaskResponse>>> HandleAsync(
        string[]? state, string[]? type, string[]? pool, string[]? worker, string? createdAfter, string? createdBefore,
        string? cursor, int? limit, IBrokerReads reads, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        CheckEach(errors, "state", state, TaskState.All.Contains, $"Must be one of {string.Join(", ", TaskState.All)}.");
        CheckEach(errors, "type", type, text => text.Length <= Limits.TypeLength && !text.Contains('\0'), "Is no type.");
        CheckEach(errors, "pool", pool, Names.IsValid, "Is no name of a pool.");
        CheckEach(errors, "worker", worker, Names.IsValid, "Is no id of a worker.");
        var filter = new TaskFilter
        {
            States = state,
            Types = type,
            Pools = pool,
            Workers = worker,
            CreatedAfter = ReadTime("createdAfter", createdAfter),
            CreatedBefore = ReadTime("createdBefore", createdBefore),
            Cursor = Cursor.ReadTask(cursor),
            Limit = PageLimit.Check(limit, errors),
        };
        errors.ThrowIfAny();

        var page = await reads.ListTasksAsync(filter, cancellationToken);
        return TypedResults.Ok(new ItemsResponse<TaskResponse>(
            [.. page.Items.Select(TaskResponse.Of)], page.Next is { } next ? Cursor.Write(next) : null, timeProvider.GetUtcNow()));
    }

    private static void CheckEach(FieldErrors errors, string name, string[]? values, Func<string, bool> isValid, string detail)
    {
        if (values is null) return;
        if (values.Length > FilterLimit) errors.AddParameter(name, $"May be given {FilterLimit} times.");
        if (!values.All(isValid)) errors.AddParameter(name, detail);
    }

    private static DateTimeOffset? ReadTime(string name, string? text)
    {
        if (text is null) return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time)
            ? time
            : throw BadRequests.Unreadable(name).AsException();
    }
}
