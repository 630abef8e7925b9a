using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker task cancel ID</c> and <c>broker task retry ID</c></summary>
internal sealed class ChangeTaskCommand : ApiVerb
{
    private readonly string _action;
    private readonly TaskIdArgument _id = new();
    private readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Recorded and shown." };

    /// <param name="action">The last part of the call's path, and the command's name.</param>
    public ChangeTaskCommand(string action, string description, params string[] examples) : base(action, description, examples)
    {
        _action = action;
        Add(_id);
        Add(_reason);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var body = Requests.Write(new ActionRequest(parsed.GetValue(_reason)), ClientJson.Default.ActionRequest);
        var answer = await client.PostAsync($"v1/tasks/{parsed.GetValue(_id)}/{_action}", body, cancellationToken);
        screen.Show(answer, ClientJson.Default.TaskInfo, TaskTables.One);
        return ExitCode.Ok;
    }
}
