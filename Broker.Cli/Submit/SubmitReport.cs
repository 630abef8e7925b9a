using System.Text.Json;

namespace Broker.Cli;

/// <summary>Shows how a bulk submission goes and how it ended, and gives the exit code.</summary>
internal sealed class SubmitReport(SubmitPlan plan, Screen screen, SubmitTally tally, TimeProvider timeProvider)
{
    public async Task<int> RunAsync(SubmitRun run, IAsyncEnumerable<SubmitItem> items, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        using var ended = new CancellationTokenSource();
        var progress = screen.IsErrorTerminal
            ? new ProgressLine(screen.Error, tally, plan.Wait, timeProvider).RunAsync(ended.Token)
            : Task.CompletedTask;
        bool isInTime;
        try
        {
            isInTime = await run.RunAsync(items, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await progress;
            Conclude(SubmitSummary.Of(tally, plan.Wait, timeProvider.GetElapsedTime(started)), cancellationToken.IsCancellationRequested);
        }
        if (cancellationToken.IsCancellationRequested) return ExitCode.Interrupted;
        if (!isInTime) return ExitCode.TimedOut;
        return tally.Refused + tally.Dead + tally.Canceled > 0 ? ExitCode.TaskFailed : ExitCode.Ok;
    }

    private void Conclude(SubmitSummary summary, bool isStopped)
    {
        if (screen.IsJson) screen.WriteLine(JsonSerializer.Serialize(summary, ClientJson.Default.SubmitSummary));
        screen.Error.WriteLine((isStopped ? "Stopped; what was submitted goes on. " : "") + summary);
    }
}
