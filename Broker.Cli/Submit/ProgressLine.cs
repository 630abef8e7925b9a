using System.Globalization;
using Broker.Contracts;

namespace Broker.Cli;

/// <summary>One line on a terminal that says how a submission goes.</summary>
internal sealed class ProgressLine(TextWriter error, SubmitTally tally, bool waits, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Share of the newest interval in the shown rate: it follows within about two seconds.</summary>
    private const double Weight = 0.15;

    private double _rate;
    private long _before;

    /// <summary>Redraws until canceled, then clears the line.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) await error.WriteAsync("\r\e[K" + Draw());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteAsync("\r\e[K");
        }
    }

    /// <summary>The line after one more interval.</summary>
    internal string Draw()
    {
        var done = waits ? tally.Finished : tally.Submitted;
        var now = (done - _before) / Interval.TotalSeconds;
        _rate = _rate == 0 ? now : (Weight * now) + ((1 - Weight) * _rate);
        _before = done;

        var text = string.Create(CultureInfo.InvariantCulture, $"{tally.Submitted:N0} submitted");
        if (waits) text += string.Create(CultureInfo.InvariantCulture, $" · {done:N0} done · {tally.Dead + tally.Canceled:N0} failed");
        if (tally.Refused > 0) text += string.Create(CultureInfo.InvariantCulture, $" · {tally.Refused:N0} refused");
        text += string.Create(CultureInfo.InvariantCulture, $" · {_rate:N0}/s");
        if (waits && tally.IsComplete && _rate >= 1)
            text += $" · {Durations.Format(TimeSpan.FromSeconds(Math.Ceiling((tally.Submitted - done) / _rate)))} left";
        return text;
    }
}
