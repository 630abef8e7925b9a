using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A producer's and operator's view of a running Broker, over HTTP only.</summary>
public sealed class ApiClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };

    public HttpClient Http => _http;

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return await ReadAsync(response);
    }

    public async Task<JsonNode> PostAsync(string path, object? body = null)
    {
        using var response = await _http.PostAsJsonAsync(path, body ?? new { });
        return await ReadAsync(response);
    }

    /// <summary>Posts and does not mind a refusal.</summary>
    /// <param name="key">The idempotency key; null for none.</param>
    public async Task<(HttpStatusCode Status, JsonNode Body)> TryPostAsync(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    public async Task<JsonNode> PutAsync(string path, object body)
    {
        using var response = await _http.PutAsJsonAsync(path, body);
        return await ReadAsync(response);
    }

    public async Task<HttpStatusCode> StatusOfAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>Hands in one task; its id.</summary>
    public async Task<string> SubmitAsync(object task) => (string)(await PostAsync("/v1/tasks", task))["id"]!;

    /// <summary>Hands in many; their ids in order. Every item must have been taken.</summary>
    public async Task<List<string>> SubmitAllAsync(IEnumerable<object> tasks)
    {
        var ids = new List<string>();
        foreach (var batch in tasks.Chunk(500))
        {
            var answer = await PostAsync("/v1/tasks/batch", new { tasks = batch });
            foreach (var item in answer["items"]!.AsArray())
                ids.Add((string?)item!["id"] ?? throw new InvalidOperationException($"An item was refused: {item.ToJsonString()}"));
        }
        return ids;
    }

    public async Task<JsonNode> TaskAsync(string id) => await GetAsync($"/v1/tasks/{id}");

    public async Task<string> StateOfAsync(string id) => (string)(await TaskAsync(id))["state"]!;

    public async Task<List<JsonNode>> EventsAsync(string id) =>
        [.. (await GetAsync($"/v1/tasks/{id}/events"))["items"]!.AsArray().Select(item => item!)];

    public Task<string> WaitForStateAsync(string id, string state, TimeSpan? limit = null) =>
        Eventually.Async(() => StateOfAsync(id), seen => seen == state, $"task {id} is {state}", limit);

    /// <summary>Waits until none of the tasks is active; their states by id.</summary>
    public async Task<Dictionary<string, string>> WaitForAllAsync(IReadOnlyCollection<string> ids, TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit);
        var open = new Queue<string>(ids);
        var states = new Dictionary<string, string>();
        while (open.Count > 0)
        {
            if (over.IsCancellationRequested)
                throw new TimeoutException($"{open.Count} of {ids.Count} tasks are not finished after {limit}, among them {open.Peek()}: {await GetAsync($"/v1/tasks/{open.Peek()}")}");

            var window = open.Take(1_000).ToArray();
            var answer = await Eventually.Async(
                () => PostAsync("/v1/tasks/wait", new { ids = window, timeout = "5s" }), _ => true, "an answer to wait", limit);
            foreach (var item in answer["items"]!.AsArray()) states[(string)item!["id"]!] = (string)item["state"]!;
            open = new Queue<string>(open.Where(id => !states.ContainsKey(id)));
        }
        return states;
    }

    public async Task WaitUntilReadyAsync(TimeSpan limit) => await Eventually.Async(
        async () => (string?)(await GetAsync("/health/ready"))["status"], status => status == "ready", "the API is ready", limit);

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.PathAndQuery}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        return JsonNode.Parse(text) ?? JsonValue.Create("")!;
    }
}
