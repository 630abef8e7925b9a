using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>A worker played by a test: it registers over HTTP and does with its tasks what the test says.</summary>
public sealed class HttpBot
{
    private readonly ApiClient _api;
    private readonly HashSet<(string, int)> _taken = [];

    private HttpBot(ApiClient api, string id, string session) => (_api, Id, Session) = (api, id, session);

    public string Id { get; }

    public string Session { get; }

    /// <param name="more">Further fields of the registration, as slots and labels.</param>
    public static async Task<HttpBot> RegisterAsync(ApiClient api, string id, string pool, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        (body["id"], body["pool"], body["transport"]) = (id, pool, "http");
        var answer = await api.PostAsync("/v1/workers", body);
        return new HttpBot(api, id, (string)answer["session"]!);
    }

    /// <summary>Tasks given to it that the test has not taken yet.</summary>
    public async Task<List<Given>> GivenAsync()
    {
        var answer = await _api.GetAsync($"/v1/workers/{Id}/tasks");
        var given = answer["items"]!.AsArray().Select(offer => new Given(
            (string)offer!["task"]!, (int)offer["attempt"]!, (string)offer["token"]!, offer["payload"]?.DeepClone()));
        return [.. given.Where(offer => !_taken.Contains((offer.Task, offer.Attempt)))];
    }

    /// <summary>Takes and starts the next task once there is one.</summary>
    public async Task<Given> StartNextAsync(TimeSpan? limit = null)
    {
        var given = (await Eventually.Async(GivenAsync, offers => offers.Count > 0, $"{Id} is given a task", limit))[0];
        _taken.Add((given.Task, given.Attempt));
        await AcceptedAsync(given, "start", new { token = given.Token });
        return given;
    }

    public Task SucceedAsync(Given given, object? result = null) => AcceptedAsync(given, "succeed", new { token = given.Token, result });

    public Task FailAsync(Given given, bool retryable = true, string? retryAfter = null) => AcceptedAsync(given, "fail",
        new { token = given.Token, error = new { code = "broke", message = "It broke." }, retryable, retryAfter });

    public async Task<JsonNode> BeatAsync() => await _api.PutAsync($"/v1/workers/{Id}/heartbeat", new { session = Session });

    /// <summary>A beat that tells what it holds.</summary>
    public async Task<JsonNode> BeatAsync(params IEnumerable<(string Task, int Attempt)> held) => await _api.PutAsync($"/v1/workers/{Id}/heartbeat",
        new { session = Session, attempts = held.Select(attempt => new { task = attempt.Task, attempt = attempt.Attempt }) });

    /// <summary>Reports and does not mind a refusal; its status and code.</summary>
    public async Task<(HttpStatusCode Status, string? Code)> ReportAsync(Given given, string report, object body)
    {
        var (status, answer) = await _api.TryPostAsync($"/v1/tasks/{given.Task}/attempts/{given.Attempt}/{report}", body);
        return (status, (string?)answer["code"]);
    }

    /// <summary>Does one task after the other until nothing is left of these.</summary>
    public async Task CompleteAsync(int count)
    {
        for (var done = 0; done < count; done++) await SucceedAsync(await StartNextAsync());
    }

    private async Task AcceptedAsync(Given given, string report, object body) =>
        Assert.Equal((HttpStatusCode.OK, null), await ReportAsync(given, report, body));
}

/// <summary>An attempt given to a worker.</summary>
public sealed record Given(string Task, int Attempt, string Token, JsonNode? Payload);
