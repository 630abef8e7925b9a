using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker worker get ID</c></summary>
internal sealed class GetWorkerCommand : ApiVerb
{
    private readonly WorkerIdArgument _id = new();

    public GetWorkerCommand() : base("get", "Show a worker and what it has.", "broker worker get bot-17") => Add(_id);

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync($"v1/workers/{parsed.GetValue(_id)}", cancellationToken);
        screen.Show(answer, ClientJson.Default.WorkerInfo, worker => WorkerTables.One(worker, TimeProvider.System.GetUtcNow()));
        return ExitCode.Ok;
    }
}
