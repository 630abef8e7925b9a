using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker task explain ID</c></summary>
internal sealed class ExplainTaskCommand : ApiVerb
{
    private readonly TaskIdArgument _id = new();

    public ExplainTaskCommand() : base("explain", "Say why a task is not running yet, or why its worker was chosen.",
        "broker task explain 0198f3c2-…") => Add(_id);

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync($"v1/tasks/{parsed.GetValue(_id)}/explain", cancellationToken);
        screen.Show(answer, ClientJson.Default.ExplainInfo, TaskTables.Explanation);
        return ExitCode.Ok;
    }
}
