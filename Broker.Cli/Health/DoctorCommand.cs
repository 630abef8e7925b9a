using System.CommandLine;
using System.Text;
using Broker.Contracts;
using Spectre.Console;

namespace Broker.Cli;

/// <summary><c>broker doctor</c></summary>
internal sealed class DoctorCommand() : ApiVerb("doctor", "Say what is missing and what to do: 0 all is well, 1 something is, 5 no tasks can be handed in.",
    "broker doctor", "broker doctor --api http://broker.example:8000")
{
    private const string Ok = "ok";

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.ExchangeAsync(HttpMethod.Get, "health/ready", null, null, TimeSpan.Zero, cancellationToken);
        if (answer.Status is not (200 or 503)) throw answer.AsRefusal();

        var ready = answer.Read(ClientJson.Default.ReadyInfo);
        if (screen.IsJson) screen.WriteLine(Encoding.UTF8.GetString(answer.Body.Span));
        else screen.Show(await ExamineAsync(ready, client, cancellationToken));
        return ready.Status switch { "ready" => ExitCode.Ok, "degraded" => ExitCode.TaskFailed, _ => ExitCode.Unreachable };
    }

    private static async Task<Grid> ExamineAsync(ReadyInfo ready, BrokerClient client, CancellationToken cancellationToken)
    {
        var found = Columns.Fields().Field("api", $"answers at {client.Api}: {ready.Status}");
        Add(found, "submissions", ready.Submissions, "Start RabbitMQ and look whether ConnectionStrings__RabbitMq of the API is right.");
        Add(found, "database", ready.Database, "Start PostgreSQL and look whether ConnectionStrings__Postgres of the API is right.");
        Add(found, "leader", ready.Leader, "Start a scheduler; tasks are taken meanwhile and run once one leads.");
        if (ready.Database != Ok) return found;

        var workers = await client.ExchangeAsync(
            HttpMethod.Get, $"v1/workers?liveness={Liveness.Online}&limit=1", null, null, TimeSpan.Zero, cancellationToken);
        if (workers.IsSuccess)
            Add(found, "workers", workers.Read(ClientJson.Default.PageWorkerInfo).Items.Count > 0 ? Ok : "None is online.",
                "Start one with `broker agent`, or many with `broker fleet --workers 10`.");
        return found;
    }

    private static void Add(Grid found, string part, string? state, string remedy)
    {
        found.Field(part, new Text(Cells.Clean(state), new Style(state == Ok ? Color.Green : Color.Red)));
        if (state is not null and not Ok) found.Field("", remedy);
    }
}
