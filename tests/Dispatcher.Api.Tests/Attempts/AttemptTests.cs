using Broker.Contracts;

namespace Broker.Api.Tests;

public sealed class AttemptTests : IAsyncLifetime
{
    private readonly ApiHost api = new();
    private string path = "";

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        path = $"/v1/tasks/{(await api.PostAsync("/v1/tasks", """{"type":"echo"}"""))["id"]}/attempts/1";
        Answer(new ReportAnswer { State = "running" });
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Theory]
    [InlineData("start", """{"token":"1-1"}""", "started")]
    [InlineData("progress", """{"token":"1-1","percent":50,"message":"half"}""", "progress")]
    [InlineData("succeed", """{"token":"1-1","result":{"a": 1}}""", "succeeded")]
    [InlineData("fail", """{"token":"1-1","error":{"code":"boom","message":"It broke."},"retryAfter":"10s"}""", "failed")]
    [InlineData("release", """{"token":"1-1","reason":"stopping"}""", "released")]
    public async Task A_report_is_handed_on_and_answered_with_the_state(string action, string body, string kind)
    {
        var answer = await api.PostAsync($"{path}/{action}", body);

        Assert.Equal((200, "running"), (answer.Status, answer["state"]));
        var report = Reports().Single();
        Assert.Equal((kind, 1, "1-1"), (report.Kind, report.Report.Attempt, report.Report.Token));
    }

    [Theory]
    [InlineData(ProblemCode.StaleAttempt, 409)]
    [InlineData(ProblemCode.Canceled, 409)]
    [InlineData(ProblemCode.UnknownTask, 404)]
    public async Task A_report_that_changed_nothing_says_why(string code, int status)
    {
        Answer(new ReportAnswer { Code = code });

        (await api.PostAsync($"{path}/start", """{"token":"1-1"}""")).AssertProblem(status, code);
    }

    [Theory]
    [InlineData("start", "{}", 422)]
    [InlineData("start", """{"token":7}""", 400)]
    [InlineData("start", """{"token":"1","extra":1}""", 400)]
    [InlineData("progress", """{"token":"1","percent":101}""", 422)]
    [InlineData("fail", """{"token":"1"}""", 422)]
    [InlineData("fail", """{"token":"1","error":{"code":"x","message":"y"},"retryAfter":"later"}""", 422)]
    [InlineData("succeed", """{"token":"1","result":"\u0000"}""", 422)]
    [InlineData("succeed", """{"token":"1","ranMs":-1}""", 422)]
    public async Task A_bad_report_is_refused_and_goes_nowhere(string action, string body, int status)
    {
        Assert.Equal(status, (await api.PostAsync($"{path}/{action}", body)).Status);
        Assert.Empty(Reports());
    }

    [Fact]
    public async Task A_result_above_256_KiB_fails_the_attempt()
    {
        var answer = await api.PostAsync($"{path}/succeed", $$"""{"token":"1-1","result":"{{new string('x', Limits.PayloadBytes)}}"}""");

        answer.AssertProblem(413, "payload-too-large");
        Assert.Equal(("failed", "result-too-large"), (Reports().Single().Kind, Reports().Single().Report.Error!.Code));
    }

    [Fact]
    public async Task An_error_message_is_cut_to_16_KiB_of_whole_characters()
    {
        await api.PostAsync($"{path}/fail", $$$"""{"token":"1-1","error":{"code":"x","message":"a{{{new string('ü', 20_000)}}}"}}""");

        var message = Reports().Single().Report.Error!.Message;
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(message), Limits.ErrorBytes - 3, Limits.ErrorBytes);
        Assert.EndsWith("ü", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrent_reports_are_gathered_and_each_gets_its_own_answer()
    {
        api.Gateway.On<ReportAttempts>(command => new AttemptsReported
        {
            Answers = [.. command.Reports.Select(report => new ReportAnswer { State = report.Report.Token })],
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
            (i, await api.PostAsync($"{path}/start", $$"""{"token":"{{i}}"}"""))));

        Assert.All(answers, pair => Assert.Equal($"{pair.i}", pair.Item2["state"]));
    }

    [Fact]
    public async Task A_foreign_task_or_a_strange_attempt_is_refused()
    {
        (await api.PostAsync($"/v1/tasks/{Guid.NewGuid()}/attempts/1/start", """{"token":"1"}""")).AssertProblem(404, "unknown-task");
        (await api.PostAsync(path[..^1] + "0/start", """{"token":"1"}""")).AssertProblem(422, "validation-failed");
        (await api.PostAsync(path[..^1] + "x/start", """{"token":"1"}""")).AssertProblem(400, "malformed-request");
    }

    private void Answer(ReportAnswer answer) => api.Gateway.On<ReportAttempts>(command =>
        new AttemptsReported { Answers = [.. command.Reports.Select(_ => answer)] });

    private HttpReport[] Reports() => [.. api.Gateway.Commands.OfType<ReportAttempts>().SelectMany(command => command.Reports)];
}
