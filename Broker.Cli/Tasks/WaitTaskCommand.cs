using System.CommandLine;

namespace Broker.Cli;

/// <summary><c>broker task wait ID</c></summary>
internal sealed class WaitTaskCommand : ApiVerb
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(2);

    private readonly TaskIdArgument _id = new();
    private readonly Option<TimeSpan?> _timeout = new DurationOption("--timeout") { Description = "Give up after this, with exit code 124." };

    public WaitTaskCommand() : base("wait", "Wait until a task has finished; 0 if it succeeded, 1 if not.",
        "broker task wait 0198f3c2-… --timeout 5m")
    {
        Add(_id);
        Add(_timeout);
    }

    protected override Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var waiting = new OneTask(client, new Perseverance(RetryFor, TimeProvider.System), TimeProvider.System);
        return waiting.WaitAndShowAsync(parsed.GetValue(_id).ToString(), parsed.GetValue(_timeout), screen, cancellationToken);
    }
}
