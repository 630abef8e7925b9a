using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker task get ID</c></summary>
internal sealed class GetTaskCommand : ApiVerb
{
    private readonly TaskIdArgument _id = new();

    public GetTaskCommand() : base("get", "Show a task.", "broker task get 0198f3c2-…", "broker task get 0198f3c2-… -o json | jq .result") => Add(_id);

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync($"v1/tasks/{parsed.GetValue(_id)}", cancellationToken);
        screen.Show(answer, ClientJson.Default.TaskInfo, TaskTables.One);
        return ExitCode.Ok;
    }
}
