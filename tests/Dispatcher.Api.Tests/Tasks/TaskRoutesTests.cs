using Broker.Contracts;

namespace Broker.Api.Tests;

public sealed class TaskRoutesTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/explain")]
    [InlineData("POST", "/cancel")]
    [InlineData("POST", "/retry")]
    public async Task An_id_that_is_not_ours_is_404(string method, string action)
    {
        foreach (var id in new[] { Guid.NewGuid().ToString(), "7", "x%20y", new string('a', 500) })
            (await api.SendAsync(new HttpMethod(method), $"/v1/tasks/{id}{action}")).AssertProblem(404, "unknown-task");
    }

    [Theory]
    [InlineData("canceled", 200)]
    [InlineData("canceling", 202)]
    public async Task Cancel_answers_with_what_it_came_to(string state, int status)
    {
        var id = await SubmitAsync();
        api.Gateway.On<CancelTask>(command => new TaskChanged { Task = command.Task, State = state });

        var answer = await api.PostAsync($"/v1/tasks/{id}/cancel", """{"reason":"enough"}""");

        Assert.Equal((status, state, "echo"), (answer.Status, answer["state"], answer["type"]));
        Assert.Equal("enough", Assert.Single(api.Gateway.Commands.OfType<CancelTask>()).Reason);
    }

    [Fact]
    public async Task Cancel_of_a_finished_task_is_409()
    {
        var id = await SubmitAsync();
        api.Gateway.On<CancelTask>(_ => throw new CommandRefusedException(ProblemCode.TaskFinished, "It has succeeded."));

        (await api.PostAsync($"/v1/tasks/{id}/cancel")).AssertProblem(409, "task-finished");
    }

    [Fact]
    public async Task A_cancel_that_overtakes_its_submission_waits_for_it()
    {
        var id = await SubmitAsync();
        var asked = 0;
        api.Gateway.On<CancelTask>(command => ++asked < 3
            ? throw new CommandRefusedException(ProblemCode.UnknownTask, "Unknown.")
            : new TaskChanged { Task = command.Task, State = TaskState.Canceled });

        Assert.Equal(200, (await api.PostAsync($"/v1/tasks/{id}/cancel")).Status);
    }

    [Fact]
    public async Task Without_a_scheduler_commands_are_503()
    {
        var id = await SubmitAsync();

        (await api.PostAsync($"/v1/tasks/{id}/cancel")).AssertProblem(503, "scheduler-unavailable");
        (await api.PostAsync($"/v1/tasks/{id}/retry")).AssertProblem(503, "scheduler-unavailable");
        (await api.GetAsync($"/v1/tasks/{id}/explain")).AssertProblem(503, "scheduler-unavailable");
    }

    [Fact]
    public async Task Retry_answers_with_the_new_round_and_409_if_it_is_not_dead()
    {
        var id = await SubmitAsync();
        api.Gateway.On<RetryTask>(command => new TaskChanged { Task = command.Task, State = TaskState.Queued });
        Assert.Equal("queued", (await api.PostAsync($"/v1/tasks/{id}/retry"))["state"]);

        api.Gateway.On<RetryTask>(_ => throw new CommandRefusedException(ProblemCode.TaskNotDead, "It is running."));
        (await api.PostAsync($"/v1/tasks/{id}/retry", "{}")).AssertProblem(409, "task-not-dead");
    }

    [Theory]
    [InlineData("""{"why":1}""", 400)]
    [InlineData("""{"reason":"a\u0000"}""", 422)]
    public async Task A_bad_reason_is_refused(string body, int status)
    {
        var id = await SubmitAsync();

        Assert.Equal(status, (await api.PostAsync($"/v1/tasks/{id}/cancel", body)).Status);
        Assert.Empty(api.Gateway.Commands);
    }

    [Fact]
    public async Task Events_chain_their_states()
    {
        var id = await SubmitAsync();
        api.Reads.Events[Guid.Parse(id)] =
        [
            new(1, Guid.Parse(id), DateTimeOffset.UnixEpoch, [
                new() { Event = "submitted", State = "queued", By = "scheduler" },
                new() { Event = "offered", State = "offered", Attempt = 1, Worker = "w1", By = "scheduler", Load = 0.25, Eligible = 3 }]),
            new(2, Guid.Parse(id), DateTimeOffset.UnixEpoch, [new() { Event = "started", State = "running", Attempt = 1, Worker = "w1", By = "w1" }]),
        ];

        var items = (await api.GetAsync($"/v1/tasks/{id}/events")).Json.GetProperty("items").EnumerateArray().ToArray();

        Assert.Equal(["accepted>queued", "queued>offered", "offered>running"],
            items.Select(item => $"{item.GetProperty("from")}>{item.GetProperty("to")}"));
        Assert.Equal(0.25, items[1].GetProperty("load").GetDouble());
        api.Gateway.On<ExplainTask>(_ => new TaskExplained { State = "running", Reasons = [] });
        var explained = await api.GetAsync($"/v1/tasks/{id}/explain");
        Assert.Equal("w1", explained.Json.GetProperty("placement").GetProperty("worker").GetString());
    }

    [Fact]
    public async Task The_list_pages_newest_first_to_its_end()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await SubmitAsync());

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await api.GetAsync("/v1/tasks?limit=2&state=queued&state=running" + (cursor is null ? "" : "&cursor=" + cursor));
            Assert.Equal(200, page.Status);
            seen.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
            cursor = page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(ids.AsEnumerable().Reverse(), seen);
        Assert.Equal(["queued", "running"], api.Reads.LastFilter!.States);
    }

    [Theory]
    [InlineData("limit=0", 422)]
    [InlineData("limit=501", 422)]
    [InlineData("limit=abc", 400)]
    [InlineData("state=nope", 422)]
    [InlineData("pool=No", 422)]
    [InlineData("worker=%00", 422)]
    [InlineData("type=a%00", 422)]
    [InlineData("createdAfter=yesterday", 400)]
    [InlineData("cursor=%21", 400)]
    [InlineData("cursor=AAAA", 400)]
    [InlineData("cursor=______________________________________", 400)]
    public async Task A_bad_filter_is_refused_and_named(string query, int status)
    {
        var answer = await api.GetAsync("/v1/tasks?" + query);

        answer.AssertProblem(status, status == 400 ? "malformed-request" : "validation-failed");
        Assert.Equal(query.Split('=')[0], Assert.Single(answer.Pointers));
    }

    [Fact]
    public async Task Times_of_filters_are_read_as_UTC()
    {
        await api.GetAsync("/v1/tasks?createdAfter=2030-01-01T00:00:00Z&createdBefore=2030-01-01T02:00:00%2B01:00");

        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), api.Reads.LastFilter!.CreatedAfter);
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 1, 0, 0, TimeSpan.Zero), api.Reads.LastFilter.CreatedBefore);
    }

    private async Task<string> SubmitAsync() => (await api.PostAsync("/v1/tasks", """{"type":"echo"}"""))["id"]!;
}
