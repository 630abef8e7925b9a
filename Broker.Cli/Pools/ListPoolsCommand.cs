using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker pool list</c></summary>
internal sealed class ListPoolsCommand() : ApiVerb("list", "List all pools.", "broker pool list")
{
    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync("v1/pools", cancellationToken);
        screen.Show(answer, ClientJson.Default.PagePoolInfo, PoolTables.Many);
        return ExitCode.Ok;
    }
}
