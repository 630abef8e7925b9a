using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker task events ID</c></summary>
internal sealed class ListTaskEventsCommand : ApiVerb
{
    private readonly TaskIdArgument _id = new();

    public ListTaskEventsCommand() : base("events", "Show everything that happened to a task.", "broker task events 0198f3c2-…") => Add(_id);

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync($"v1/tasks/{parsed.GetValue(_id)}/events", cancellationToken);
        screen.Show(answer, ClientJson.Default.PageTaskEventInfo, TaskTables.Events);
        return ExitCode.Ok;
    }
}
