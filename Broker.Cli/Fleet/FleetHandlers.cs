using Broker.Agent;

namespace Broker.Cli;

/// <summary>What a fleet's bots can do.</summary>
internal static class FleetHandlers
{
    public static readonly IReadOnlyList<string> All = ["echo", "sleep", "http.get", "file.sha256"];

    public static void AddTo(BrokerAgentBuilder agent) => agent
        .AddHandler<EchoHandler>("echo")
        .AddHandler<SleepHandler>("sleep")
        .AddHandler<HttpGetHandler>("http.get")
        .AddHandler<FileSha256Handler>("file.sha256");
}
