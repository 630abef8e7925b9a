using System.Diagnostics;
using Broker.Contracts;
using Broker.TestKit;

namespace Broker.Api.Tests;

public sealed class SubmissionOutageTests : IAsyncLifetime
{
    private const string Echo = """{"type":"echo"}""";
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Without_the_database_tasks_are_taken_and_pool_and_key_go_unchecked()
    {
        api.Reads.IsDown = true;

        Assert.Equal(202, (await api.PostAsync("/v1/tasks", """{"type":"echo","pool":"who-knows"}""", ("Idempotency-Key", "k"))).Status);
        Assert.Equal(202, (await api.PostAsync("/v1/tasks?wait=1s", Echo)).Status);
    }

    [Fact]
    public async Task A_database_that_hangs_holds_a_batch_up_once()
    {
        api.Reads.IsHanging = true;
        var clock = Stopwatch.StartNew();

        var answer = await api.PostAsync("/v1/tasks/batch", """
            {"tasks":[{"type":"a","pool":"p1"},{"type":"a","pool":"p2"},{"type":"a","pool":"p3"},{"type":"a","pool":"p4"}]}
            """);

        Assert.All(answer.Json.GetProperty("items").EnumerateArray(), item => Assert.Equal(202, item.GetProperty("status").GetInt32()));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(5));
    }

    /// <summary>Row 6 of the faults.</summary>
    [Fact]
    public async Task A_submission_that_is_not_confirmed_is_503()
    {
        api.Gateway.Fail = _ => new SchedulerUnavailableException(ProblemCode.NotConfirmed, "No confirm.");

        (await api.PostAsync("/v1/tasks", Echo)).AssertProblem(503, "not-confirmed");
    }

    [Fact]
    public async Task An_accepted_task_is_found_before_the_scheduler_records_it()
    {
        api.Gateway.IsRecording = false;
        var id = (await api.PostAsync("/v1/tasks", Echo))["id"];

        var answer = await api.GetAsync($"/v1/tasks/{id}");

        Assert.Equal((200, "accepted", id), (answer.Status, answer["state"], answer["id"]));
        Assert.Equal("scheduler-behind", (await api.GetAsync($"/v1/tasks/{id}/explain")).Json.GetProperty("reasons")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Reads_without_the_database_are_503()
    {
        var id = (await api.PostAsync("/v1/tasks", Echo))["id"];
        api.Reads.IsDown = true;

        foreach (var path in new[] { $"/v1/tasks/{id}", "/v1/tasks", "/v1/workers", "/v1/pools", "/v1/stats", $"/v1/tasks/{id}/events" })
            (await api.GetAsync(path)).AssertProblem(503, "database-unavailable");
    }

    [Fact]
    public async Task Requests_that_come_while_a_message_is_in_flight_share_the_next_one()
    {
        var gate = new TaskCompletionSource();
        api.Gateway.Gate = gate.Task;
        var requests = Enumerable.Range(0, 200).Select(_ => api.PostAsync("/v1/tasks", Echo)).ToArray();
        await Eventually.Async(() => Task.FromResult(api.Gateway.Submissions.Count), count => count >= 2, "a message beside the first");
        gate.SetResult();

        var answers = await Task.WhenAll(requests);

        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
        Assert.Equal(200, answers.Select(answer => answer["id"]).Distinct().Count());
        Assert.Equal(200, api.Gateway.Submissions.Sum(message => message.Tasks.Count));
        Assert.True(api.Gateway.Submissions.Count < 200, $"{api.Gateway.Submissions.Count} messages for 200 tasks");
    }
}
