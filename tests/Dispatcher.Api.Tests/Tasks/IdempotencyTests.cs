namespace Broker.Api.Tests;

public sealed class IdempotencyTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_same_key_and_body_give_the_same_task()
    {
        var first = await SubmitAsync("same", """{"type":"echo","payload":{"a":1},"requires":{"x":"1","y":"2"}}""");
        var second = await SubmitAsync("same", """{"priority":4, "requires":{"y":"2","x":"1"}, "payload": { "a" : 1 }, "type":"echo","cost":1}""");

        Assert.Equal((202, 202), (first.Status, second.Status));
        Assert.Equal(first["id"], second["id"]);
        Assert.Equal(("accepted", "queued"), (first["state"], second["state"]));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Theory]
    [InlineData("""{"type":"other"}""")]
    [InlineData("""{"type":"echo","payload":1}""")]
    [InlineData("""{"type":"echo","priority":5}""")]
    [InlineData("""{"type":"echo","timeout":"1h"}""")]
    public async Task The_same_key_with_another_body_is_422(string body)
    {
        await SubmitAsync("reused" + body, """{"type":"echo"}""");

        (await SubmitAsync("reused" + body, body)).AssertProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Concurrent_requests_with_one_key_get_one_id()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SubmitAsync("race", """{"type":"echo"}""")));

        Assert.Single(answers.Select(answer => answer["id"]).Distinct());
        Assert.All(answers, answer => Assert.Equal(202, answer.Status));
    }

    [Fact]
    public async Task A_key_may_have_255_characters()
    {
        Assert.Equal(202, (await SubmitAsync(new string('k', 255), """{"type":"echo"}""")).Status);
        (await SubmitAsync(new string('k', 256), """{"type":"echo"}""")).AssertProblem(422, "validation-failed");
    }

    private Task<Answer> SubmitAsync(string key, string body) => api.PostAsync("/v1/tasks", body, ("Idempotency-Key", key));
}
