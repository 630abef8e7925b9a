using System.Text;
using System.Text.Json.Nodes;

namespace Broker.SystemTests.Cli;

public sealed class SubmitTests
{
    [Fact]
    public async Task Fifty_thousand_tasks_are_submitted_once_and_each_result_is_written_once()
    {
        await using var api = await ApiStandIn.StartAsync();
        using var results = new TemporaryFile();

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--payload", "{\"n\":1}", "--count", "50000", "--results", results.Path);

        Assert.True(exitCode == 0, error);
        TestContext.Current.TestOutputHelper!.WriteLine(error);
        Assert.Equal(50_000, api.Tasks.Count);
        var lines = await File.ReadAllLinesAsync(results.Path, TestContext.Current.CancellationToken);
        Assert.Equal(50_000, lines.Length);
        Assert.Equal(50_000, lines.Select(line => (string?)JsonNode.Parse(line)!["id"]).Distinct().Count());
    }

    [Fact]
    public async Task Repeated_requests_double_nothing()
    {
        await using var api = await ApiStandIn.StartAsync();
        // Every third answer is lost after the tasks were taken.
        api.Stumble = batch => batch % 3 == 2 ? 503 : null;

        var (exitCode, output, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--count", "1000", "--batch", "50", "-o", "json");

        Assert.True(exitCode == 0, error);
        Assert.Equal(1_000, api.Tasks.Count);
        Assert.Equal(1_000, (int?)JsonNode.Parse(output)!["submitted"]);
    }

    [Fact]
    public async Task The_same_key_twice_makes_each_task_once()
    {
        await using var api = await ApiStandIn.StartAsync();
        string[] submit = ["submit", "--api", api.Url, "--type", "echo", "--count", "250", "--key", "nightly"];

        Assert.Equal(0, (await CommandLine.RunAsync(submit)).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync(submit)).ExitCode);

        Assert.Equal(250, api.Tasks.Count);
    }

    [Fact]
    public async Task Lines_become_payloads_and_those_that_cannot_are_told()
    {
        await using var api = await ApiStandIn.StartAsync();
        using var input = new TemporaryFile([.. "a \"b\"\\\n\n"u8, 0xFF, .. "x\nende/ä.txt"u8]);

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "file.sha256", "--each-line", "path", "--from", input.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("Line 3: not UTF-8", error, StringComparison.Ordinal);
        Assert.Equal(["a \"b\"\\", "ende/ä.txt"], api.Tasks.Values.Select(task => (string)task["payload"]!["path"]!).Order());
    }

    [Fact]
    public async Task A_refused_task_does_not_stop_the_others()
    {
        await using var api = await ApiStandIn.StartAsync();
        api.Refuse = task => (int?)task["payload"]!["n"] == 3 ? (413, "payload-too-large") : null;
        using var input = new TemporaryFile(string.Join('\n', Enumerable.Range(0, 10).Select(n => $"{{\"n\":{n}}}")) + "\nno json\n");

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--from", input.Path, "--wait");

        Assert.Equal(1, exitCode);
        Assert.Equal(9, api.Tasks.Count);
        Assert.Contains("Line 4: No. (payload-too-large 413)", error, StringComparison.Ordinal);
        Assert.Contains("Line 11: no JSON", error, StringComparison.Ordinal);
        Assert.Contains("9 submitted, 9 succeeded, 2 refused", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_that_concerns_every_task_stops_at_the_first_batch()
    {
        await using var api = await ApiStandIn.StartAsync();
        api.Refuse = _ => (422, "unknown-pool");

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--count", "100000", "--pool", "nowhere");

        Assert.Equal(2, exitCode);
        Assert.Contains("unknown-pool", error, StringComparison.Ordinal);
        Assert.True(api.Requests.Count < 20, $"{api.Requests.Count} requests");
    }

    [Fact]
    public async Task Dead_tasks_are_results_too_and_make_exit_code_1()
    {
        await using var api = await ApiStandIn.StartAsync();
        api.Finish = task => (int?)task["payload"]!["n"] % 2 == 0 ? "succeeded" : "dead";
        using var input = new TemporaryFile(string.Join('\n', Enumerable.Range(0, 300).Select(n => $"{{\"n\":{n}}}")));
        using var results = new TemporaryFile();

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--from", input.Path, "--results", results.Path);

        Assert.Equal(1, exitCode);
        Assert.Contains("150 succeeded, 150 dead", error, StringComparison.Ordinal);
        var lines = (await File.ReadAllLinesAsync(results.Path, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(300, lines.Count);
        Assert.All(lines.Where(line => (string?)line["state"] == "dead"), line => Assert.Equal("failed", (string?)line["error"]!["code"]));
    }

    [Fact]
    public async Task Tasks_that_overtake_a_thousand_stuck_ones_are_seen()
    {
        await using var api = await ApiStandIn.StartAsync();
        api.Finish = task => (int)task["payload"]!["n"]! < 1_500 ? null : "succeeded";
        using var input = new TemporaryFile(string.Join('\n', Enumerable.Range(0, 6_000).Select(n => $"{{\"n\":{n}}}")));

        var (exitCode, _, error) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--from", input.Path, "--parallel", "1", "--wait-timeout", "5s");

        Assert.Equal(124, exitCode);
        Assert.Contains("6,000 submitted, 4,500 succeeded, 1,500 not finished", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_task_is_shown_as_the_api_answered()
    {
        await using var api = await ApiStandIn.StartAsync();

        var (exitCode, output, _) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "echo", "--payload", "{\"a\":1}", "--wait", "-o", "json");

        Assert.Equal(0, exitCode);
        Assert.Equal("succeeded", (string?)JsonNode.Parse(output)!["state"]);
    }

    [Fact]
    public async Task A_payload_can_come_from_a_file()
    {
        await using var api = await ApiStandIn.StartAsync();
        using var payload = new TemporaryFile(Encoding.UTF8.GetBytes("{\"from\": \"file\"}"));

        var (exitCode, output, _) = await CommandLine.RunAsync("submit", "--api", api.Url, "--type", "echo", "--payload", $"@{payload.Path}");

        Assert.Equal(0, exitCode);
        Assert.Contains("accepted", output, StringComparison.Ordinal);
        Assert.Equal("file", (string?)api.Tasks.Values.Single()["payload"]!["from"]);
    }
}
