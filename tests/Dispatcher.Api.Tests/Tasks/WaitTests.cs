using Broker.Contracts;
using Broker.TestKit;

namespace Broker.Api.Tests;

public sealed class WaitTests : IAsyncLifetime
{
    private const string Echo = """{"type":"echo","payload":7}""";
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_submission_answers_200_as_soon_as_its_task_is_finished()
    {
        api.Gateway.On<WaitTasks>(Finish);

        var answer = await api.PostAsync("/v1/tasks?wait=30s", Echo);

        Assert.Equal((200, "succeeded", "7"), (answer.Status, answer["state"], answer["payload"]));
    }

    [Fact]
    public async Task A_submission_answers_202_when_the_time_is_over()
    {
        api.Gateway.On<WaitTasks>(_ => new TasksFinished { Tasks = [] });

        Assert.Equal(202, (await api.PostAsync("/v1/tasks?wait=300ms", Echo)).Status);
    }

    [Fact]
    public async Task A_wait_outlives_a_scheduler_that_is_away()
    {
        var id = (await api.PostAsync("/v1/tasks", Echo))["id"];
        var waiting = api.GetAsync($"/v1/tasks/{id}?wait=30s");
        await Eventually.Async(() => Task.FromResult(api.Gateway.Commands.Count), count => count >= 2, "the API to ask again");

        api.Gateway.On<WaitTasks>(Finish);

        Assert.Equal("succeeded", (await waiting)["state"]);
    }

    [Fact]
    public async Task Waiting_for_several_answers_with_those_that_are_finished()
    {
        var first = (await api.PostAsync("/v1/tasks", Echo))["id"];
        var second = (await api.PostAsync("/v1/tasks", Echo))["id"];
        api.Gateway.On<WaitTasks>(command => Finish(command with { Tasks = [command.Tasks[1]] }));

        var answer = await api.PostAsync("/v1/tasks/wait", $$"""{"ids":["{{first}}","{{second}}"],"timeout":"30s"}""");

        Assert.Equal(second, Assert.Single(answer.Json.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/v1/tasks/wait", """{"ids":[]}""", 422)]
    [InlineData("/v1/tasks/wait", """{"ids":["x"],"timeout":"61s"}""", 422)]
    [InlineData("/v1/tasks/wait", """{"ids":["x"]}""", 404)]
    [InlineData("/v1/tasks/wait", """{"ids":[null]}""", 404)]
    [InlineData("/v1/tasks?wait=61s", Echo, 422)]
    [InlineData("/v1/tasks?wait=long", Echo, 400)]
    public async Task A_bad_wait_is_refused(string path, string body, int status)
    {
        Assert.Equal(status, (await api.PostAsync(path, body)).Status);
        Assert.Empty(api.Gateway.Submissions);
    }

    private TasksFinished Finish(WaitTasks command)
    {
        foreach (var id in command.Tasks)
        {
            var view = api.Reads.Tasks[id];
            view.Task.State = TaskState.Succeeded;
            api.Reads.Tasks[id] = view with { FinishedAt = view.Task.CreatedAt };
        }
        return new TasksFinished { Tasks = command.Tasks };
    }
}
