using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A test on the shared Broker, in a pool of its own.</summary>
public abstract class PoolTests(SharedServer server) : IAsyncLifetime
{
    /// <summary>Silence that no test runs into by being slow.</summary>
    private static readonly object NoSilence = new { interval = "5m" };

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected ServerBroker Broker { get; private set; } = null!;

    protected ApiClient Api => Broker.Api;

    /// <summary>Also a prefix for the ids of workers, which are global.</summary>
    protected string Pool { get; } = $"p{Guid.NewGuid():N}"[..10];

    public virtual async ValueTask InitializeAsync()
    {
        Broker = await server.StartedAsync();
        await Eventually.Async(() => Api.PutAsync($"/v1/pools/{Pool}", new { heartbeat = NoSilence }), _ => true, "the pool is made", Patience);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected async Task SetPoolAsync(object settings) => await Api.PutAsync($"/v1/pools/{Pool}", settings);

    /// <summary>The pool with a reserve policy, its numbers as short as they can be.</summary>
    protected Task SetReserveAsync(object reserve) => SetPoolAsync(new { heartbeat = NoSilence, reserve });

    /// <summary>A worker that this test plays itself.</summary>
    protected Task<HttpBot> BotAsync(string name, object? more = null) => HttpBot.RegisterAsync(Api, $"{Pool}-{name}", Pool, more);

    /// <summary>The real agent in a process of its own.</summary>
    protected BrokerProcess StartAgent(string name, int slots = 1, params string[] more) =>
        Broker.StartAgent($"{Pool}-{name}", slots, ["--pool", Pool, .. more]);

    protected async Task<string> SubmitAsync(object? more = null) => (await SubmitManyAsync(1, more)).Single();

    protected Task<List<string>> SubmitManyAsync(int count, object? more = null)
    {
        var task = Merged(new { type = "echo", pool = Pool }, more);
        return Api.SubmitAllAsync(Enumerable.Repeat(task, count));
    }

    protected async Task<JsonNode> WorkerAsync(string name) => await Api.GetAsync($"/v1/workers/{Pool}-{name}");

    protected Task<JsonNode> WaitForWorkerAsync(string name, Func<JsonNode, bool> satisfies, string what, TimeSpan? limit = null) =>
        Eventually.Async(() => WorkerAsync(name), satisfies, $"worker {name} {what}", limit);

    /// <summary>The worker of the latest attempt once there is one.</summary>
    protected async Task<string> OfferedToAsync(string id)
    {
        var task = await Eventually.Async(() => Api.TaskAsync(id), task => task["worker"] is not null, $"task {id} is offered");
        return ((string)task["worker"]!)[(Pool.Length + 1)..];
    }

    /// <summary>The task is queued, and this is the first of the reasons why it stays so.</summary>
    protected async Task<JsonNode> WhyWaitsAsync(string id, string code)
    {
        var explained = await Eventually.Async(() => Api.GetAsync($"/v1/tasks/{id}/explain"),
            answer => (string?)answer["reasons"]!.AsArray().FirstOrDefault()?["code"] == code, $"task {id} waits with {code}");
        return explained["reasons"]![0]!;
    }

    private static JsonObject Merged(object first, object? second)
    {
        var merged = System.Text.Json.JsonSerializer.SerializeToNode(first)!.AsObject();
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(second ?? new { })!.AsObject())
            merged[name] = value?.DeepClone();
        return merged;
    }
}
