using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker worker list</c></summary>
internal sealed class ListWorkersCommand : ApiVerb
{
    private readonly Option<string?> _pool = new("--pool") { HelpName = "NAME", Description = "Only this pool's." };
    private readonly Option<string?> _liveness = Choice("--liveness", Liveness.Online, Liveness.Suspect, Liveness.Lost, Liveness.Offline);
    private readonly Option<string?> _role = Choice("--role", WorkerRole.Active, WorkerRole.Reserve);
    private readonly Option<string?> _admission = Choice("--admission",
        Admission.Open, Admission.Cordoned, Admission.Draining, Admission.Drained, Admission.Quarantined);
    private readonly Option<int?> _limit = new RangeOption("--limit", 1, Limits.PageCount) { Description = "At most this many; 50 if left out." };
    private readonly Option<string?> _cursor = new("--cursor") { HelpName = "CURSOR", Description = "Go on where a list ended." };

    public ListWorkersCommand(string name = "list") : base(name, "List workers by id; reserve+ is a reserve worker in use.",
        $"broker {(name == "list" ? "worker list" : name)} --liveness online --pool default")
    {
        foreach (var option in (Option[])[_pool, _liveness, _role, _admission, _limit, _cursor]) Add(option);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var query = new Query("v1/workers")
            .Add("pool", parsed.GetValue(_pool)).Add("liveness", parsed.GetValue(_liveness)).Add("role", parsed.GetValue(_role))
            .Add("admission", parsed.GetValue(_admission)).Add("limit", parsed.GetValue(_limit)).Add("cursor", parsed.GetValue(_cursor));
        var answer = await client.GetAsync(query.ToString(), cancellationToken);
        screen.Show(answer, ClientJson.Default.PageWorkerInfo, page => WorkerTables.Many(page, TimeProvider.System.GetUtcNow()));
        return ExitCode.Ok;
    }

    private static Option<string?> Choice(string name, params string[] values)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', values), Description = "Only these." };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
