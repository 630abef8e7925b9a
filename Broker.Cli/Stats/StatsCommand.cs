using System.CommandLine;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary><c>broker stats</c></summary>
internal sealed class StatsCommand : ApiVerb
{
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Show it again and again until Ctrl-C." };
    private readonly Option<TimeSpan?> _every = new DurationOption("--every") { Description = "With --watch: time between two looks; 1s if left out." };

    public StatsCommand() : base("stats", "Counts, rates, times and slots.", "broker stats", "broker stats --watch --every 5s")
    {
        Add(_watch);
        Add(_every);
    }

    protected override async Task<int> RunAsync(
        ParseResult parsed, BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        await ShowAsync(client, screen, cancellationToken);
        if (!parsed.GetValue(_watch)) return ExitCode.Ok;

        var every = parsed.GetValue(_every) is { } length && length > TimeSpan.Zero ? length : TimeSpan.FromSeconds(1);
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) await ShowAsync(client, screen, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }
        return ExitCode.Ok;
    }

    private static async Task ShowAsync(BrokerClient client, Screen screen, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync("v1/stats", cancellationToken);
        screen.Clear();
        screen.Show(answer, StatsJson.Default.StatsSnapshot, stats => StatsTables.All(stats, TimeProvider.System.GetUtcNow()));
    }
}
