using System.CommandLine;

namespace Broker.Cli;

/// <summary>A command that talks to the API.</summary>
internal abstract class ApiVerb : Verb
{
    protected ApiVerb(string name, string description, params string[] examples) : base(name, description, examples)
    {
        SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new BrokerClient(parsed.GetValue(ApiOptions.Api)!);
            var screen = new Screen(parsed.InvocationConfiguration, parsed.GetValue(ApiOptions.Output)!);
            return await RunAsync(parsed, client, screen, cancellationToken);
        });
        Add(ApiOptions.Api);
        Add(ApiOptions.Output);
    }

    protected abstract Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken);
}
