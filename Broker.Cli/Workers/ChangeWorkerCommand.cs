using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker worker cordon ID</c>, and <c>uncordon drain activate deactivate</c></summary>
internal sealed class ChangeWorkerCommand : ApiVerb
{
    private readonly string _action;
    private readonly WorkerIdArgument _id = new();
    private readonly Option<string?> _reason = new("--reason") { HelpName = "TEXT", Description = "Recorded and shown." };
    private readonly Option<TimeSpan?> _deadline = new DurationOption("--deadline")
    {
        Description = "After this, what still runs is given to others; without it, it may finish.",
    };

    /// <param name="action">The last part of the call's path, and the command's name.</param>
    public ChangeWorkerCommand(string action, string description, params string[] examples) : base(action, description, examples)
    {
        _action = action;
        Add(_id);
        Add(_reason);
        if (action == WorkerAction.Drain) Add(_deadline);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var deadline = _action == WorkerAction.Drain ? parsed.GetValue(_deadline) : null;
        var request = new ActionRequest(parsed.GetValue(_reason), deadline is { } length ? Durations.Format(length) : null);
        var answer = await client.PostAsync(
            $"v1/workers/{parsed.GetValue(_id)}/{_action}", Requests.Write(request, ClientJson.Default.ActionRequest), cancellationToken);
        screen.Show(answer, ClientJson.Default.WorkerInfo, worker => WorkerTables.One(worker, TimeProvider.System.GetUtcNow()));
        return ExitCode.Ok;
    }
}
