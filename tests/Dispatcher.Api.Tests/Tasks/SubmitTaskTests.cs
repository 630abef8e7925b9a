using Broker.Contracts;

namespace Broker.Api.Tests;

public sealed class SubmitTaskTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Answers_202_with_everything_known()
    {
        var answer = await api.PostAsync("/v1/tasks",
            """{"type":"echo","payload":{"b": 1,"a":1.0},"priority":9,"requires":{"gpu":"a100"},"cost":2,"timeout":"PT90S","maxAttempts":5}""");

        Assert.Equal(202, answer.Status);
        Assert.Equal($"/v1/tasks/{answer["id"]}", answer.Headers.Location?.ToString());
        Assert.Equal("accepted", answer["state"]);
        Assert.Equal("90s", answer["timeout"]);
        Assert.Equal("default", answer["pool"]);
        Assert.Equal("""{"b": 1,"a":1.0}""", answer.Json.GetProperty("payload").GetRawText());
        var task = api.Gateway.Submissions.SelectMany(message => message.Tasks).Single(task => task.Id.ToString() == answer["id"]);
        Assert.Equal((9, 2, 5, TimeSpan.FromSeconds(90)), (task.Priority, task.Cost, task.MaxAttempts, task.Timeout));
        Assert.Null(task.BodyHash);
    }

    [Theory]
    [InlineData("""{"type":"echo","nope":1}""", "#/nope")]
    [InlineData("""{"type":"echo","type":"echo"}""", "#/type")]
    [InlineData("""{"type":5}""", "#/type")]
    [InlineData("""{"type":"echo","priority":"4"}""", "#/priority")]
    [InlineData("""{"type":"echo","priority":4.5}""", "#/priority")]
    [InlineData("""{"type":"echo","priority":99999999999}""", "#/priority")]
    [InlineData("""{"type":"echo","requires":{"a":{"b":1}}}""", "#/requires/a")]
    [InlineData("""{"type":"\ud800"}""", "#/type")]
    [InlineData("""{"type":"echo","requires":["a"]}""", "#/requires")]
    public async Task A_value_that_cannot_be_read_is_400_and_named(string body, string at)
    {
        var answer = await api.PostAsync("/v1/tasks", body);

        answer.AssertProblem(400, "malformed-request");
        Assert.Equal(at, Assert.Single(answer.Pointers));
        Assert.DoesNotContain("Broker.", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"type\":\"echo\"} x")]
    [InlineData("{\"type\":\"echo\",}")]
    [InlineData("{type:1}")]
    public async Task Malformed_JSON_is_400(string body) =>
        (await api.PostAsync("/v1/tasks", body)).AssertProblem(400, "malformed-request");

    [Theory]
    [InlineData("{}", "#/type")]
    [InlineData("""{"type":""}""", "#/type")]
    [InlineData("""{"type":"a\u0000b"}""", "#/type")]
    [InlineData("""{"type":"echo","priority":11}""", "#/priority")]
    [InlineData("""{"type":"echo","priority":-1}""", "#/priority")]
    [InlineData("""{"type":"echo","cost":0}""", "#/cost")]
    [InlineData("""{"type":"echo","cost":1001}""", "#/cost")]
    [InlineData("""{"type":"echo","maxAttempts":0}""", "#/maxAttempts")]
    [InlineData("""{"type":"echo","maxAttempts":101}""", "#/maxAttempts")]
    [InlineData("""{"type":"echo","timeout":"soon"}""", "#/timeout")]
    [InlineData("""{"type":"echo","timeout":"10ms"}""", "#/timeout")]
    [InlineData("""{"type":"echo","timeout":"8d"}""", "#/timeout")]
    [InlineData("""{"type":"echo","pool":"No Pool"}""", "#/pool")]
    [InlineData("""{"type":"echo","requires":{"":"x"}}""", "#/requires/")]
    [InlineData("""{"type":"echo","requires":{"a/b":"\u0000"}}""", "#/requires/a~1b")]
    [InlineData("""{"type":"echo","requires":{"a":null}}""", "#/requires/a")]
    [InlineData("""{"type":"echo","payload":"a\u0000b"}""", "#/payload")]
    [InlineData("""{"type":"echo","payload":{"\ud800":1}}""", "#/payload")]
    [InlineData("""{"type":"echo","payload":["\udc00\ud800"]}""", "#/payload")]
    public async Task A_broken_rule_is_422_and_named(string body, string at)
    {
        var answer = await api.PostAsync("/v1/tasks", body);

        answer.AssertProblem(422, "validation-failed");
        Assert.Equal(at, Assert.Single(answer.Pointers));
    }

    [Fact]
    public async Task All_broken_rules_are_told_at_once()
    {
        var answer = await api.PostAsync("/v1/tasks", """{"priority":10,"cost":0}""");

        Assert.Equal(["#/type", "#/priority", "#/cost"], answer.AssertProblem(422, "validation-failed").Pointers);
    }

    [Fact]
    public async Task Nothing_refused_reaches_the_scheduler()
    {
        await api.PostAsync("/v1/tasks", """{"type":"refused","priority":11}""");

        Assert.DoesNotContain(api.Gateway.Submissions, message => message.Tasks.Any(task => task.Type == "refused"));
    }

    [Theory]
    [InlineData("""{"type":"echo","payload":"\ud83d\ude00 \\u0000 \\\\ud800"}""")]
    [InlineData("""{"type":"echo","payload":null}""")]
    public async Task Text_that_only_looks_bad_is_taken(string body) =>
        Assert.Equal(202, (await api.PostAsync("/v1/tasks", body)).Status);

    [Fact]
    public async Task Payload_depth_has_a_limit()
    {
        Assert.Equal(202, (await api.PostAsync("/v1/tasks", WithDepth(Limits.PayloadDepth))).Status);
        (await api.PostAsync("/v1/tasks", WithDepth(Limits.PayloadDepth + 1))).AssertProblem(422, "validation-failed");
        (await api.PostAsync("/v1/tasks", WithDepth(10_000))).AssertProblem(400, "malformed-request");

        static string WithDepth(int depth) =>
            $$"""{"type":"echo","payload":{{new string('[', depth)}}{{new string(']', depth)}}}""";
    }

    [Fact]
    public async Task A_payload_above_256_KiB_is_413_and_so_is_a_body_above_1_MiB()
    {
        Assert.Equal(202, (await api.PostAsync("/v1/tasks", WithPayload(Limits.PayloadBytes - 2))).Status);
        (await api.PostAsync("/v1/tasks", WithPayload(Limits.PayloadBytes))).AssertProblem(413, "payload-too-large");
        (await api.PostAsync("/v1/tasks", WithPayload(1024 * 1024))).AssertProblem(413, "payload-too-large");

        static string WithPayload(int length) => $$"""{"type":"echo","payload":"{{new string('x', length)}}"}""";
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        using var content = new ByteArrayContent([.. "{\"type\":\"echo\",\"payload\":\""u8, 0xFF, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await api.Http.PostAsync("/v1/tasks", content, TestContext.Current.CancellationToken);

        Assert.InRange((int)response.StatusCode, 400, 422);
    }

    [Fact]
    public async Task An_unknown_pool_is_422_and_a_pool_made_meanwhile_is_taken()
    {
        (await api.PostAsync("/v1/tasks", """{"type":"echo","pool":"later"}""")).AssertProblem(422, "unknown-pool");

        api.Reads.Pools["later"] = new PoolSettings { Name = "later" };

        Assert.Equal(202, (await api.PostAsync("/v1/tasks", """{"type":"echo","pool":"later"}""")).Status);
    }
}
