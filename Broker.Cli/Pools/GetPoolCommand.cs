using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker pool get NAME</c></summary>
internal sealed class GetPoolCommand : ApiVerb
{
    private readonly PoolNameArgument _name = new();

    public GetPoolCommand() : base("get", "Show a pool's settings.", "broker pool get default") => Add(_name);

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync($"v1/pools/{parsed.GetValue(_name)}", cancellationToken);
        screen.Show(answer, ClientJson.Default.PoolInfo, PoolTables.One);
        return ExitCode.Ok;
    }
}
