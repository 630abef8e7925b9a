using System.Net;
using System.Text.Json.Nodes;
using Broker.TestKit;

namespace Broker.SystemTests;

/// <summary>What people and time do to a task.</summary>
public sealed class TaskLifeTests(SharedServer server) : PoolTests(server)
{
    [Fact]
    public async Task A_queued_task_is_canceled_at_once()
    {
        var id = await SubmitAsync();
        await Api.WaitForStateAsync(id, "queued");

        Assert.Equal((HttpStatusCode.OK, "canceled"), await CancelAsync(id));
        Assert.Equal((HttpStatusCode.OK, "canceled"), await CancelAsync(id));
        Assert.Equal("changed my mind", (string?)(await Api.EventsAsync(id))[^1]["reason"]);
    }

    [Fact]
    public async Task A_running_task_is_canceled_by_its_worker_which_is_free_again()
    {
        StartAgent("bot");
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 600_000 } });
        await Api.WaitForStateAsync(id, "running", Patience);
        var next = await SubmitAsync();

        Assert.Equal((HttpStatusCode.Accepted, "canceling"), await CancelAsync(id));

        await Api.WaitForStateAsync(id, "canceled");
        await Api.WaitForStateAsync(next, "succeeded");
    }

    [Fact]
    public async Task A_task_that_succeeds_before_the_cancel_arrives_has_succeeded()
    {
        var bot = await BotAsync("bot");
        var id = await SubmitAsync();
        var given = await bot.StartNextAsync();

        Assert.Equal((HttpStatusCode.Accepted, "canceling"), await CancelAsync(id));
        await bot.SucceedAsync(given);

        Assert.Equal("succeeded", await Api.StateOfAsync(id));
        Assert.Equal((HttpStatusCode.Conflict, "task-finished"), await CancelAsync(id));
    }

    [Fact]
    public async Task A_dead_task_gets_a_new_round()
    {
        var bot = await BotAsync("bot");
        var id = await SubmitAsync();
        await bot.FailAsync(await bot.StartNextAsync(), retryable: false);
        var dead = await Api.TaskAsync(id);
        Assert.Equal(("dead", "broke"), ((string)dead["state"]!, (string)dead["error"]!["code"]!));

        await Api.PostAsync($"/v1/tasks/{id}/retry", new { reason = "fixed the bot" });
        var again = await bot.StartNextAsync();
        Assert.Equal((id, 2), (again.Task, again.Attempt));
        await bot.SucceedAsync(again);

        var task = await Api.TaskAsync(id);
        Assert.Equal(("succeeded", 2, 0), ((string)task["state"]!, (int)task["round"]!, (int)task["failures"]!));
        Assert.Equal(HttpStatusCode.Conflict, (await Api.TryPostAsync($"/v1/tasks/{id}/retry", new { })).Status);
    }

    [Fact]
    public async Task A_task_that_fails_waits_its_time_and_is_dead_after_its_last_attempt()
    {
        await SetPoolAsync(new { heartbeat = new { interval = "5m" }, retry = new { maxAttempts = 2, @base = "1ms", cap = "1ms" } });
        var bot = await BotAsync("bot");
        var id = await SubmitAsync();

        await bot.FailAsync(await bot.StartNextAsync(), retryAfter: "1h");
        await WhyWaitsAsync(id, "retry-at");
        await Api.PostAsync($"/v1/tasks/{id}/cancel");
        Assert.Equal("canceled", await Api.StateOfAsync(id));

        var other = await SubmitAsync();
        await bot.FailAsync(await bot.StartNextAsync());
        await bot.FailAsync(await bot.StartNextAsync());
        var dead = await Api.TaskAsync(other);
        Assert.Equal(("dead", 2, 2), ((string)dead["state"]!, (int)dead["attempts"]!, (int)dead["failures"]!));
    }

    [Fact]
    public async Task An_attempt_that_runs_too_long_is_stopped()
    {
        StartAgent("bot");
        var id = await SubmitAsync(new { type = "sleep", payload = new { ms = 600_000 }, timeout = "1s", maxAttempts = 1 });
        await Api.WaitForStateAsync(id, "dead", Patience);

        Assert.Equal("timed-out", (string?)(await Api.TaskAsync(id))["error"]!["code"]);
        await Api.WaitForStateAsync(await SubmitAsync(), "succeeded");
    }

    [Fact]
    public async Task One_key_makes_one_task_also_from_two_api_processes_at_once()
    {
        var other = new Uri($"http://127.0.0.1:{Ports.Free()}");
        Broker.StartApi(other);
        using var second = new ApiClient(other);
        await second.WaitUntilReadyAsync(Patience);
        var key = $"{Pool} order 17";

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PostAsync(i % 2 == 0 ? Api : second, key, payload: 1)));

        var id = Assert.Single(answers.Select(answer => (answer.Status, (string?)answer.Body["id"])).Distinct());
        Assert.Equal(HttpStatusCode.Accepted, id.Status);
        var bot = await BotAsync("bot");
        await bot.SucceedAsync(await bot.StartNextAsync());
        var (status, replay) = await PostAsync(second, key, payload: 1);
        Assert.Equal((HttpStatusCode.Accepted, id.Item2, "succeeded"), (status, (string?)replay["id"], (string?)replay["state"]));
        var (refused, problem) = await PostAsync(second, key, payload: 2);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-key-reused"), (refused, (string?)problem["code"]));
        Assert.Single(await Api.EventsAsync(id.Item2!), step => (string?)step["event"] == "submitted");
    }

    [Fact]
    public async Task Bodies_that_race_for_a_key_make_one_task_and_the_conflict_is_recorded()
    {
        var key = $"{Pool} race";
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(payload => PostAsync(Api, key, payload)));

        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Accepted).ToList();
        var id = Assert.Single(accepted.Select(answer => (string)answer.Body["id"]!).Distinct());
        var events = await TestKit.Eventually.Async(() => Api.EventsAsync(id),
            events => events.Count(step => (string?)step["event"] == "idempotency-conflict") == accepted.Count - 1, "every conflict is recorded");
        Assert.Single(events, step => (string?)step["event"] == "submitted");
    }

    private async Task<(HttpStatusCode Status, string? Word)> CancelAsync(string id)
    {
        var (status, answer) = await Api.TryPostAsync($"/v1/tasks/{id}/cancel", new { reason = "changed my mind" });
        return (status, (string?)(answer["code"] ?? answer["state"]));
    }

    private Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(ApiClient api, string key, int payload) =>
        api.TryPostAsync("/v1/tasks", new { type = "echo", pool = Pool, payload }, key);
}
