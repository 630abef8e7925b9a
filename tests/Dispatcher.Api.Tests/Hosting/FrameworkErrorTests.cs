using Broker.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Api.Tests;

public sealed class FrameworkErrorTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task The_frameworks_own_errors_are_problem_details_too()
    {
        (await api.GetAsync("/nowhere")).AssertProblem(404, "not-found");
        (await api.GetAsync("/v1/nowhere")).AssertProblem(404, "not-found");
        (await api.SendAsync(HttpMethod.Delete, "/v1/tasks")).AssertProblem(405, "method-not-allowed");
        (await api.SendAsync(HttpMethod.Post, "/v1/tasks", "type=echo", "application/x-www-form-urlencoded"))
            .AssertProblem(415, "unsupported-media-type");
        (await api.SendAsync(HttpMethod.Post, "/v1/tasks")).AssertProblem(400, "malformed-request");
    }

    [Fact]
    public async Task Our_own_mistakes_are_500_and_tell_nothing()
    {
        var answer = (await api.GetAsync("/broken")).AssertProblem(500, "internal-error");

        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_the_client_has_gone_before_it_was_refused_is_no_failure()
    {
        var writer = ActivatorUtilities.CreateInstance<ProblemWriter>(api.Services);
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };

        Assert.True(await writer.TryHandleAsync(
            context, new SchedulerUnavailableException(ProblemCode.SchedulerUnavailable, "away"), CancellationToken.None));
    }

    [Fact]
    public async Task The_other_methods_of_a_path_are_told() =>
        Assert.Equal(405, (await api.SendAsync(HttpMethod.Put, "/v1/workers", "{}")).Status);

    [Theory]
    [InlineData("application/json; charset=utf-7", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; charset=no-such", 415)]
    [InlineData("application/json; charset=\"UTF-8\"", 202)]
    public async Task A_body_is_UTF_8_or_refused(string contentType, int status)
    {
        using var content = new ByteArrayContent("{\"type\":\"echo\"}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await api.Http.PostAsync("/v1/tasks", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }
}
