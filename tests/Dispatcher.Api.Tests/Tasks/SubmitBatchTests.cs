using Broker.Contracts;

namespace Broker.Api.Tests;

public sealed class SubmitBatchTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task One_bad_item_does_not_stop_the_others()
    {
        var answer = await api.PostAsync("/v1/tasks/batch", """
            {"tasks":[{"type":"a"},{"type":"b","priority":11},{"type":"c","nope":1},null,{"type":"d","pool":"none"},"text",{"type":"e"}]}
            """);

        Assert.Equal(200, answer.Status);
        Assert.Equal([202, 422, 400, 400, 422, 400, 202], Statuses(answer));
        Assert.Equal(Enumerable.Range(0, 7), Items(answer).Select(item => item.GetProperty("index").GetInt32()));
        Assert.Equal("unknown-pool", Items(answer)[4].GetProperty("problem").GetProperty("code").GetString());
        Assert.Equal(["a", "e"], api.Gateway.Submissions.SelectMany(message => message.Tasks).Select(task => task.Type));
    }

    [Fact]
    public async Task Items_whose_message_was_not_confirmed_carry_503()
    {
        api.Gateway.Fail = message => message.Tasks.Any(task => task.Type == "lost")
            ? new SchedulerUnavailableException(ProblemCode.NotConfirmed, "No confirm.") : null;
        var big = new string('x', 200_000);
        var items = Enumerable.Range(0, 10).Select(i => $$"""{"type":"{{(i == 9 ? "lost" : "kept")}}","payload":"{{big}}"}""");

        var answer = await api.PostAsync("/v1/tasks/batch", $$"""{"tasks":[{{string.Join(',', items)}}]}""");

        Assert.Equal([202, 202, 202, 202, 202, 503, 503, 503, 503, 503], Statuses(answer));
        Assert.All(api.Gateway.Submissions, message => Assert.True(message.Tasks.Sum(task => task.Payload.Utf8.Length) <= Limits.SubmissionBytes));
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"tasks":[]}""", 422)]
    [InlineData("""{"tasks":{}}""", 400)]
    [InlineData("""{"tasks":[{]}""", 400)]
    [InlineData("""{"items":[]}""", 400)]
    public async Task A_batch_that_is_none_is_refused(string body, int status) =>
        Assert.Equal(status, (await api.PostAsync("/v1/tasks/batch", body)).Status);

    [Fact]
    public async Task A_batch_of_1000_is_taken_and_one_of_1001_refused()
    {
        var thousand = await api.PostAsync("/v1/tasks/batch", Batch(1_000));

        Assert.All(Statuses(thousand), status => Assert.Equal(202, status));
        Assert.Single(api.Gateway.Submissions);
        (await api.PostAsync("/v1/tasks/batch", Batch(1_001))).AssertProblem(422, "validation-failed");

        static string Batch(int count) => $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat("""{"type":"a"}""", count))}}]}""";
    }

    [Fact]
    public async Task A_batch_may_have_16_MiB()
    {
        var big = new string('x', 250_000);
        (await api.PostAsync("/v1/tasks/batch", Batch(70))).AssertProblem(413, "payload-too-large");
        Assert.All(Statuses(await api.PostAsync("/v1/tasks/batch", Batch(60))), status => Assert.Equal(202, status));

        string Batch(int count) =>
            $$"""{"tasks":[{{string.Join(',', Enumerable.Repeat($$"""{"type":"a","payload":"{{big}}"}""", count))}}]}""";
    }

    [Fact]
    public async Task A_too_large_item_alone_is_413()
    {
        var answer = await api.PostAsync("/v1/tasks/batch",
            $$"""{"tasks":[{"type":"a","payload":"{{new string('x', 300_000)}}"},{"type":"b"}]}""");

        Assert.Equal([413, 202], Statuses(answer));
    }

    [Fact]
    public async Task Keys_of_items_and_of_the_header_make_a_batch_repeatable()
    {
        const string Body = """{"tasks":[{"type":"a"},{"type":"b","idempotencyKey":"mine"},{"type":"a"}]}""";

        var first = await api.PostAsync("/v1/tasks/batch", Body, ("Idempotency-Key", "batch"));
        var second = await api.PostAsync("/v1/tasks/batch", Body, ("Idempotency-Key", "batch"));
        var single = await api.PostAsync("/v1/tasks", """{"type":"b"}""", ("Idempotency-Key", "mine"));

        Assert.Equal(Ids(first), Ids(second));
        Assert.Equal(3, Ids(first).Distinct().Count());
        Assert.Equal(Ids(first)[1], single["id"]);
        Assert.Equal(["queued", "queued", "queued"], Items(second).Select(item => item.GetProperty("state").GetString()));
    }

    private static System.Text.Json.JsonElement[] Items(Answer answer) => [.. answer.Json.GetProperty("items").EnumerateArray()];

    private static int[] Statuses(Answer answer) => [.. Items(answer).Select(item => item.GetProperty("status").GetInt32())];

    private static string?[] Ids(Answer answer) => [.. Items(answer).Select(item => item.GetProperty("id").GetString())];
}
