using Broker.Contracts;

namespace Broker.Api.Tests;

public sealed class PoolTests : IAsyncLifetime
{
    private readonly ApiHost api = new();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        api.Gateway.On<PutPool>(command => new PoolChanged
        {
            Pool = command.Pool.Name,
            Created = api.Reads.Pools.TryAdd(command.Pool.Name, command.Pool),
        });
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Put_makes_a_pool_and_then_replaces_it()
    {
        const string Body = """{"reserve":{"policy":"gradual","reviewEvery":"5s"},"heartbeat":{"interval":"2s"},"retry":{"maxAttempts":1},"quarantine":{"policy":"off"},"timeout":"PT5M"}""";

        var made = await api.PutAsync("/v1/pools/fast", Body);
        var replaced = await api.PutAsync("/v1/pools/fast", "{}");

        Assert.Equal((201, 200), (made.Status, replaced.Status));
        Assert.Equal("5m", made["timeout"]);
        Assert.Equal("""{"policy":"gradual","reviewEvery":"5s","backlogAbove":10,"waitAbove":"30s","coolDown":"60s","period":"5m"}""",
            made.Json.GetProperty("reserve").GetRawText().Replace("\"1m\"", "\"60s\"", StringComparison.Ordinal));
        Assert.Equal(("off", "on"), (QuarantineOf(made), QuarantineOf(replaced)));
        Assert.Equal("off", replaced.Json.GetProperty("reserve").GetProperty("policy").GetString());
        Assert.Equal("fast", (await api.GetAsync("/v1/pools/fast"))["name"]);
        Assert.Equal(2, (await api.GetAsync("/v1/pools")).Json.GetProperty("items").GetArrayLength());

        static string? QuarantineOf(Answer answer) => answer.Json.GetProperty("quarantine").GetProperty("policy").GetString();
    }

    [Theory]
    [InlineData("""{"reserve":{"policy":"magic"}}""", "#/reserve/policy", 422)]
    [InlineData("""{"reserve":{"reviewEvery":"0s"}}""", "#/reserve/reviewEvery", 422)]
    [InlineData("""{"heartbeat":{"interval":"11m"}}""", "#/heartbeat/interval", 422)]
    [InlineData("""{"retry":{"maxAttempts":101}}""", "#/retry/maxAttempts", 422)]
    [InlineData("""{"retry":{"base":"20m"}}""", "#/retry/cap", 422)]
    [InlineData("""{"quarantine":{"policy":"maybe"}}""", "#/quarantine/policy", 422)]
    [InlineData("""{"name":"other"}""", "#/name", 422)]
    [InlineData("""{"retry":{"max":1}}""", "#/retry/max", 400)]
    public async Task Bad_settings_are_refused(string body, string at, int status)
    {
        var answer = await api.PutAsync("/v1/pools/fast", body);

        Assert.Equal(status, answer.Status);
        Assert.Equal(at, Assert.Single(answer.Pointers));
        Assert.Empty(api.Gateway.Commands);
    }

    [Fact]
    public async Task A_pool_that_is_not_there_is_404_and_a_bad_name_422()
    {
        (await api.GetAsync("/v1/pools/none")).AssertProblem(404, "not-found");
        (await api.PutAsync("/v1/pools/No%20Pool", "{}")).AssertProblem(422, "validation-failed");
    }
}
