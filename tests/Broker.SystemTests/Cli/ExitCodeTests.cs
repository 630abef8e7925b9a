namespace Broker.SystemTests.Cli;

public sealed class ExitCodeTests
{
    private const string Nobody = "http://127.0.0.1:1";

    [Theory]
    [InlineData("submit")]
    [InlineData("submit --type echo --priority 10")]
    [InlineData("submit --type echo --timeout soon")]
    [InlineData("submit --type echo --requires gpu")]
    [InlineData("submit --type echo --each-line path")]
    [InlineData("submit --type echo --from - --count 3")]
    [InlineData("submit --type echo --batch 1001")]
    [InlineData("submit --type echo --payload {broken")]
    [InlineData("submit --type echo --from /does/not/exist")]
    [InlineData("submit --type echo --api ftp://here")]
    [InlineData("task get 17")]
    [InlineData("task list --state happy")]
    [InlineData("worker drain Not-A-Name")]
    [InlineData("worker cordon bot --deadline 5m")]
    [InlineData("stats -o xml")]
    [InlineData("task")]
    [InlineData("nonsense")]
    public async Task A_wrong_command_line_is_2_and_says_why(string line)
    {
        var (exitCode, output, error) = await CommandLine.RunAsync(line.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("stats")]
    [InlineData("doctor")]
    [InlineData("submit --type echo")]
    [InlineData("submit --type echo --count 1000 --wait")]
    [InlineData("worker list")]
    [InlineData("pool set default --timeout 5m")]
    public async Task An_api_that_is_not_there_is_5_and_names_the_address_and_the_next_step(string line)
    {
        var (exitCode, _, error) = await CommandLine.RunAsync([.. line.Split(' '), "--api", Nobody]);

        Assert.Equal(5, exitCode);
        Assert.Contains(Nobody, error, StringComparison.Ordinal);
        Assert.Contains("broker dev", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_task_is_3_and_a_finished_one_can_not_be_canceled_which_is_4()
    {
        await using var api = await ApiStandIn.StartAsync();

        Assert.Equal(3, (await CommandLine.RunAsync("task", "get", $"{Guid.NewGuid()}", "--api", api.Url)).ExitCode);
        Assert.Equal(4, (await CommandLine.RunAsync("cancel", $"{Guid.NewGuid()}", "--api", api.Url)).ExitCode);
    }

    [Fact]
    public async Task Waiting_longer_than_allowed_is_124()
    {
        await using var api = await ApiStandIn.StartAsync();
        api.Finish = _ => null;

        var (exitCode, _, _) = await CommandLine.RunAsync(
            "submit", "--api", api.Url, "--type", "sleep", "--count", "3", "--wait-timeout", "300ms");

        Assert.Equal(124, exitCode);
    }

    [Fact]
    public async Task Every_verb_has_help_with_an_example()
    {
        foreach (var path in Broker.Cli.Program.Verbs.SelectMany(verb => Leaves(verb, [])))
        {
            var (exitCode, output, _) = await CommandLine.RunAsync([.. path, "--help"]);

            Assert.Equal(0, exitCode);
            Assert.True(output.Contains("Examples:", StringComparison.Ordinal), $"broker {string.Join(' ', path)} has no example.");
        }
    }

    private static IEnumerable<string[]> Leaves(System.CommandLine.Command command, string[] above)
    {
        string[] path = [.. above, command.Name];
        return command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(child => Leaves(child, path));
    }
}
