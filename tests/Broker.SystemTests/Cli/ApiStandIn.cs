using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Broker.SystemTests.Cli;

/// <summary>A server on a real port that answers task calls as the API does, from memory, and stumbles when told to.</summary>
internal sealed class ApiStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Guid> _keys = [];
    private int _stumbles;

    private ApiStandIn(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    /// <summary>Tasks by id, as they were submitted.</summary>
    public ConcurrentDictionary<Guid, JsonObject> Tasks { get; } = [];

    public ConcurrentBag<string> Requests { get; } = [];

    /// <summary>Asked for every batch after its tasks were taken; null lets the answer go, a status replaces it.</summary>
    public Func<int, int?> Stumble { get; set; } = _ => null;

    /// <summary>The state a task has when it is waited for; null while it has not finished.</summary>
    public Func<JsonObject, string?> Finish { get; set; } = _ => "succeeded";

    /// <summary>Refuses a task of a batch with this status and code.</summary>
    public Func<JsonObject, (int Status, string Code)?> Refuse { get; set; } = _ => null;

    public static async Task<ApiStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var standIn = new ApiStandIn(app);
        app.Use((context, next) =>
        {
            standIn.Requests.Add($"{context.Request.Method} {context.Request.Path}");
            return next(context);
        });
        app.MapPost("/v1/tasks", standIn.SubmitAsync);
        app.MapPost("/v1/tasks/batch", standIn.SubmitBatchAsync);
        app.MapPost("/v1/tasks/wait", standIn.WaitAsync);
        app.MapGet("/v1/tasks/{id}", standIn.Get);
        app.MapPost("/v1/tasks/{id}/cancel", () => Problem(409, "task-finished"));
        await app.StartAsync();
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static IResult Problem(int status, string code) => Results.Json(
        new { type = $"urn:broker:problem:{code}", title = code, status, detail = $"Refused: {code}.", code },
        contentType: "application/problem+json", statusCode: status);

    private async Task<IResult> SubmitAsync(HttpRequest request)
    {
        var task = (await JsonNode.ParseAsync(request.Body))!.AsObject();
        var id = Take(task, request.Headers["Idempotency-Key"].Single()!);
        return Results.Json(Shown(id, "accepted"), statusCode: 202);
    }

    private async Task<IResult> SubmitBatchAsync(HttpRequest request, HttpResponse response)
    {
        var tasks = (await JsonNode.ParseAsync(request.Body))!["tasks"]!.AsArray();
        var items = new JsonArray();
        for (var i = 0; i < tasks.Count; i++)
        {
            var task = tasks[i]!.AsObject();
            items.Add(Refuse(task) is var (status, code)
                ? new JsonObject { ["index"] = i, ["status"] = status, ["problem"] = new JsonObject { ["code"] = code, ["detail"] = "No." } }
                : new JsonObject { ["index"] = i, ["status"] = 202, ["id"] = Take(task, (string)task["idempotencyKey"]!) });
        }
        if (Stumble(Interlocked.Increment(ref _stumbles)) is not { } broken) return Results.Json(new JsonObject { ["items"] = items });

        response.Headers.RetryAfter = "0";
        return Problem(broken, "overloaded");
    }

    private async Task<IResult> WaitAsync(HttpRequest request)
    {
        var body = (await JsonNode.ParseAsync(request.Body))!;
        var ids = body["ids"]!.AsArray();
        if (ids.Count is 0 or > 1_000) return Problem(422, "validation-failed");

        var finished = new JsonArray();
        foreach (var id in ids.Select(id => id!.GetValue<Guid>()))
            if (Finish(Tasks[id]) is { } state) finished.Add(Shown(id, state));
        return Results.Json(new JsonObject { ["items"] = finished });
    }

    private IResult Get(Guid id) =>
        Tasks.TryGetValue(id, out var task) ? Results.Json(Shown(id, Finish(task) ?? "running")) : Problem(404, "unknown-task");

    private Guid Take(JsonObject task, string key)
    {
        var id = _keys.GetOrAdd(key, _ => Guid.NewGuid());
        Tasks.TryAdd(id, task);
        return id;
    }

    private JsonObject Shown(Guid id, string state) => new()
    {
        ["id"] = id,
        ["type"] = Tasks[id]["type"]!.DeepClone(),
        ["state"] = state,
        ["payload"] = Tasks[id]["payload"]?.DeepClone(),
        ["result"] = state == "succeeded" ? Tasks[id]["payload"]?.DeepClone() : null,
        ["error"] = state == "dead" ? new JsonObject { ["code"] = "failed", ["message"] = "It broke." } : null,
        ["attempts"] = 1,
        ["worker"] = "bot-1",
    };
}
