using Broker.Storage;

namespace Broker.Api.Tests;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Ready_says_which_dependency_is_missing()
    {
        Assert.Equal((200, "ready"), await ReadyAsync());

        api.Reads.Leader = null;
        Assert.Equal((200, "degraded"), await ReadyAsync());

        api.Reads.Leader = new LeaderView(1, "host:1", TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(5), Released: false);
        Assert.Equal((200, "degraded"), await ReadyAsync());

        api.Reads.IsDown = true;
        Assert.Equal((200, "degraded"), await ReadyAsync());

        api.Gateway.Trouble = "RabbitMQ is away.";
        Assert.Equal((503, "unavailable"), await ReadyAsync());
        Assert.Contains("RabbitMQ is away.", (await api.GetAsync("/health/ready")).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await api.GetAsync("/health/live")).Status);
    }

    [Fact]
    public async Task Metrics_count_submissions()
    {
        await api.PostAsync("/v1/tasks", """{"type":"echo"}""");

        Assert.Contains("broker_task_submissions", (await api.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_pass_through_with_their_age()
    {
        (await api.GetAsync("/v1/stats")).AssertProblem(503, "scheduler-unavailable");

        api.Reads.Stats = """{"tasks":{"queued":3}}"""u8.ToArray();

        var answer = await api.GetAsync("/v1/stats");
        Assert.Equal(3, answer.Json.GetProperty("tasks").GetProperty("queued").GetInt32());
        Assert.NotNull(answer["asOf"]);
    }

    private async Task<(int, string?)> ReadyAsync()
    {
        var answer = await api.GetAsync("/health/ready");
        return (answer.Status, answer["status"]);
    }
}
