using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker task list</c></summary>
internal sealed class ListTasksCommand : ApiVerb
{
    private readonly Option<string[]?> _state = new Option<string[]?>("--state") { HelpName = "STATE", Description = "Only these; repeat for more." };
    private readonly Option<string[]?> _type = new("--type") { HelpName = "TYPE", Description = "Only these; repeat for more." };
    private readonly Option<string[]?> _pool = new("--pool") { HelpName = "NAME", Description = "Only these; repeat for more." };
    private readonly Option<string[]?> _worker = new("--worker") { HelpName = "ID", Description = "Only those whose latest attempt is this one's; repeat for more." };
    private readonly Option<string?> _after = new("--created-after") { HelpName = "MOMENT", Description = "RFC 3339, as 2026-01-31T12:00:00Z." };
    private readonly Option<string?> _before = new("--created-before") { HelpName = "MOMENT", Description = "RFC 3339." };
    private readonly Option<int?> _limit = new RangeOption("--limit", 1, Limits.PageCount) { Description = "At most this many; 50 if left out." };
    private readonly Option<string?> _cursor = new("--cursor") { HelpName = "CURSOR", Description = "Go on where a list ended." };

    public ListTasksCommand() : base("list", "List tasks, active and finished, newest first.",
        "broker task list --state dead", "broker task list --type http.get --state queued --state running --limit 500")
    {
        _state.AcceptOnlyFromAmong([.. TaskState.All]);
        foreach (var option in (Option[])[_state, _type, _pool, _worker, _after, _before, _limit, _cursor]) Add(option);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var query = new Query("v1/tasks")
            .Add("state", parsed.GetValue(_state)).Add("type", parsed.GetValue(_type)).Add("pool", parsed.GetValue(_pool))
            .Add("worker", parsed.GetValue(_worker)).Add("createdAfter", parsed.GetValue(_after))
            .Add("createdBefore", parsed.GetValue(_before)).Add("limit", parsed.GetValue(_limit)).Add("cursor", parsed.GetValue(_cursor));
        var answer = await client.GetAsync(query.ToString(), cancellationToken);
        screen.Show(answer, ClientJson.Default.PageTaskInfo, page => TaskTables.Many(page, TimeProvider.System.GetUtcNow()));
        return ExitCode.Ok;
    }
}
