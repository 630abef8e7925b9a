using Broker.Agent;

namespace Broker.Cli;

/// <summary><c>broker agent</c>: the bot of Worker.Agent, with its own options.</summary>
internal sealed class AgentCommand : Verb
{
    public AgentCommand() : base("agent", "Run one bot until Ctrl-C; then it finishes what runs and stops.",
        "broker agent --slots 4 --file-root /usr/share/doc",
        "broker agent --id backup-1 --role reserve --label disk=ssd --rabbitmq amqp://guest:guest@localhost:5672/")
    {
        Details = BotArguments.Help.Replace("Worker.Agent", "broker agent", StringComparison.Ordinal);
        TreatUnmatchedTokensAsErrors = false;
        SetAction((parsed, _) => Bot.RunAsync([.. Defaults(), .. parsed.UnmatchedTokens]));
    }

    /// <summary>What every other verb takes from the environment; options given come later and win.</summary>
    private static string[] Defaults() =>
        (Environment.GetEnvironmentVariable("BROKER_API") ?? Environment.GetEnvironmentVariable("BROKER_SERVER")) is { Length: > 0 } api
            ? ["--api", api] : [];
}
