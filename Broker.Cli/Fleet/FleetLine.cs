using System.Globalization;

namespace Broker.Cli;

/// <summary>Says what a fleet does: one line that is redrawn on a terminal, a new line now and then elsewhere.</summary>
internal sealed class FleetLine(Screen screen, FleetTally tally, int workers, TimeProvider timeProvider)
{
    private long _before;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromSeconds(screen.IsErrorTerminal ? 1 : 10);
        using var timer = new PeriodicTimer(interval, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await screen.Error.WriteAsync(screen.IsErrorTerminal ? "\r\e[K" + Draw(interval) : Draw(interval) + Environment.NewLine);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (screen.IsErrorTerminal) await screen.Error.WriteLineAsync();
        }
    }

    /// <summary>The line after one more interval.</summary>
    internal string Draw(TimeSpan interval)
    {
        var done = tally.Done;
        var rate = (done - _before) / interval.TotalSeconds;
        _before = done;
        return string.Create(CultureInfo.InvariantCulture,
            $"{tally.Connected:N0} of {workers:N0} connected · {tally.Running:N0} running · {done:N0} done · {rate:N0}/s · {tally.Failed:N0} failed");
    }
}
